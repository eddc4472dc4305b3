// A time that moves through the run: a line over the traces, a dot along the path. Nothing of it reaches the server.
import {h} from "../shared/dom.js"
import {onKey} from "../shared/keys.js"
import {documentOf, fill, follow, named, onLeave} from "../shared/seam.js"
import {moment, SPEEDS} from "./moment.js"
import {at, end} from "./path.js"
import css from "./player.css" with {type: "text"}

/** @param {{model: any, view: any}} component */
export function render({model, view}) {
  const doc = documentOf(view)
  const {path, dot} = model.first
  const time = moment()
  const button = h("button", {type: "button", "aria-label": "Play", title: "Play"}, "▶")
  const speed = h("select", {"aria-label": "Speed: time of the run to time of the clock", title: "Speed"})
  const range = h("input", {type: "range", min: "0", max: "1000", step: "any", value: "0", "aria-label": "Time in ms"})
  const output = h("output", {}, "–")
  const bar = h("div", {class: "player", role: "group", "aria-label": "Time that is looked at"})
  bar.append(button, speed, range, output)
  const root = h("div", {}, h("style", {}, css), bar)
  speed.replaceChildren(...SPEEDS.map(([value, text]) => new Option(text, String(value))))

  /** @returns {import("./path.js").Path} */
  const points = () => named(doc, path)?.data ?? {x: [], y: [], t: []}
  const isShown = () => root.offsetWidth > 0

  function show() {
    const {now, playing} = time
    const words = playing ? "Pause" : "Play"
    if (button.title !== words) {
      button.textContent = playing ? "❚❚" : "▶"
      button.title = words
      button.setAttribute("aria-label", words)
    }
    speed.value = String(time.speed)
    if (now == null || !time.shown.has("plane")) return
    const [x, y] = at(points(), now)
    fill(named(doc, dot), {x: [x], y: [y]})
    range.max = String(end(points()))
    range.value = String(now)
    output.textContent = `${now.toFixed(1)} ms`
  }

  const toggle = () => time.playing ? time.stop() : time.play()
  button.addEventListener("click", toggle)
  speed.addEventListener("change", () => time.pace(Number(speed.value)))
  range.addEventListener("input", () => {
    time.stop()
    time.go(Number(range.value))
  })
  const letGo = follow(named(doc, path), () => { // a new run: the dot stays at its time, but not beyond the end
    range.max = String(end(points()))
    if (time.now != null && !time.playing) time.go(Math.min(time.now, end(points())))
  })
  // A view that is closed leaves no mark in the traces.
  const watch = new ResizeObserver(([{contentRect}]) => {
    if (contentRect.width === 0) {
      time.stop()
      time.show("plane", null)
    } else {
      time.show("plane", () => [0, end(points())])
    }
  })
  watch.observe(root)
  const leaving = [letGo, time.follow(show), onKey("Space", "Play or pause the run", () => isShown() && toggle())]
  show()
  onLeave(model, () => {
    watch.disconnect()
    time.show("plane", null)
    for (const leave of leaving) leave()
  })
  return root
}
