// A time that moves through the run: a line over the traces, a dot along the path. Nothing of it reaches the server.
import {h} from "../shared/dom.js"
import {onKey} from "../shared/keys.js"
import {documentOf, fill, follow, named, onLeave, setById} from "../shared/seam.js"
import {at, end} from "./path.js"
import css from "./player.css" with {type: "text"}

/** @type {[string, string][]} ms of the run per ms of ours */
const SPEEDS = [["0.5", "1:2"], ["0.1", "1:10"], ["0.02", "1:50"], ["0.005", "1:200"]]
const USUAL = "0.1"

/** @param {{model: any, view: any}} component */
export function render({model, view}) {
  const doc = documentOf(view)
  const {path, dot, span} = model.first
  const button = h("button", {type: "button", "aria-label": "Play", title: "Play"}, "▶")
  const speed = h("select", {"aria-label": "Speed: time of the run to time of the clock", title: "Speed"})
  const range = h("input", {type: "range", min: "0", max: "1000", step: "any", value: "0", "aria-label": "Time in ms"})
  const output = h("output", {}, "–")
  const bar = h("div", {class: "player", role: "group", "aria-label": "Time that is looked at"})
  bar.append(button, speed, range, output)
  const root = h("div", {}, h("style", {}, css), bar)
  speed.replaceChildren(...SPEEDS.map(([value, text]) => new Option(text, value)))
  speed.value = USUAL
  let playing = false
  let before = 0
  /** @type {number | null} */
  let now = null

  /** @returns {import("./path.js").Path} */
  const points = () => named(doc, path)?.data ?? {x: [], y: [], t: []}

  /** @param {number} time */
  function show(time) {
    now = time
    const [x, y] = at(points(), time)
    setById(doc, span, {location: time, visible: true})
    fill(named(doc, dot), {x: [x], y: [y]})
    range.max = String(end(points()))
    range.value = String(time)
    output.textContent = `${time.toFixed(1)} ms`
  }

  /** @param {number} clock */
  function step(clock) {
    if (!playing || !root.isConnected) {
      playing = false
      return
    }
    const last = end(points())
    const time = Math.min(last, (now ?? 0) + (clock - before) * Number(speed.value))
    before = clock
    show(time)
    if (time >= last) play(false)
    else requestAnimationFrame(step)
  }

  /** @param {boolean} yes */
  function play(yes) {
    playing = yes
    button.textContent = yes ? "❚❚" : "▶"
    button.title = yes ? "Pause" : "Play"
    button.setAttribute("aria-label", button.title)
    if (!yes) return
    if (now == null || now >= end(points())) now = 0
    before = performance.now()
    requestAnimationFrame(step)
  }

  button.addEventListener("click", () => play(!playing))
  const noKey = onKey("Space", "Play or pause the run", () => root.offsetWidth > 0 && play(!playing))
  range.addEventListener("input", () => {
    play(false)
    show(Number(range.value))
  })
  const letGo = follow(named(doc, path), () => { // a new run: the dot stays at its time, but not beyond the end
    range.max = String(end(points()))
    if (now != null && !playing) show(Math.min(now, end(points())))
  })
  // A view that is closed leaves no mark in the traces.
  const watch = new ResizeObserver(([{contentRect}]) => {
    if (contentRect.width === 0) {
      play(false)
      setById(doc, span, {visible: false})
    } else if (now != null) {
      show(Math.min(now, end(points())))
    }
  })
  watch.observe(root)
  onLeave(model, () => {
    playing = false
    watch.disconnect()
    letGo()
    noKey()
  })
  return root
}
