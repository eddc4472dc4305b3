// The clicks of the spikes: a button, and beside it, while they are on, what plays them.
import {icon} from "../actions/icons.js"
import {h} from "../shared/dom.js"
import {onKey} from "../shared/keys.js"
import {follow, named, setById} from "../shared/seam.js"
import {moment, SPEEDS} from "../player/moment.js"
import {IMAGE, spikesShown, STROKES} from "./spikes.js"
import {Voice} from "./voice.js"

const CURRENT = "spark:current" // drawn from the first to the last time that is seen
const OFF = "Sound: a click for each spike (a)"

/**
 * @param {any} doc
 * @param {string} line id of the line over the traces
 * @returns {{parts: HTMLElement[], leave: () => void}}
 */
export function sound(doc, line) {
  const time = moment()
  const speaker = h("button", {type: "button", class: "sound", "aria-pressed": "false", title: OFF})
  speaker.setAttribute("aria-label", "Sound")
  speaker.append(icon("sound"))
  const play = h("button", {type: "button", class: "play"})
  const speed = h("select", {
    "aria-label": "Slow motion of the clicks: time of the run to time of the clock",
    title: "Speed",
  })
  speed.replaceChildren(...SPEEDS.map(([value, text]) => new Option(text, String(value))))
  const controls = h("span", {class: "sounding", hidden: true}, play, speed)
  const voice = new Voice(read, () => speaker.title = "This browser gives no sound: the line moves without it (a)")
  /** @type {(() => void)[]} only while it is on: nothing of it costs a picture of a page that is silent */
  let following = []
  const on = () => following.length > 0

  function read() {
    const spikes = spikesShown(doc)
    speaker.title = titleOf(spikes)
    return spikes
  }

  /** @returns {[number, number]} */
  function seen() {
    const {x} = named(doc, CURRENT).data
    return [x[0] ?? 0, x[x.length - 1] ?? 0]
  }

  function turn() {
    if (on()) {
      time.stop()
      time.voice = null
      for (const off of following) off()
      following = []
    } else {
      time.voice = voice
      following = [STROKES, IMAGE].map((name) => follow(named(doc, name), () => voice.renew()))
    }
    speaker.setAttribute("aria-pressed", String(on()))
    speaker.title = OFF
    // The phase plane's player comes last: its time is that of the whole run.
    const plane = time.shown.get("plane")
    time.show("sound", on() ? seen : null)
    if (plane) time.show("plane", plane)
    if (on()) time.play()
  }

  function show() {
    const {now, playing} = time
    setById(doc, line, now != null && time.shown.size ? {location: now, visible: true} : {visible: false})
    controls.hidden = !on() || time.shown.has("plane") // which has a player of its own
    const words = playing ? "Pause the clicks" : "Play the clicks"
    if (play.title === words && speed.value === String(time.speed)) return
    play.textContent = playing ? "❚❚" : "▶"
    play.title = words
    play.setAttribute("aria-label", words)
    speed.value = String(time.speed)
  }

  const toggle = () => time.playing ? time.stop() : time.play()
  speaker.addEventListener("click", ({detail}) => {
    turn()
    if (on() && detail > 0) play.focus({preventScroll: true}) // of a pointer: Space then pauses, and does not turn it off
  })
  play.addEventListener("click", toggle)
  speed.addEventListener("change", () => time.pace(Number(speed.value)))
  const leaving = [
    time.follow(show),
    onKey("a", "Sound: a click for each spike", turn),
    onKey("Space", "Sound: play or pause the clicks", () => on() && toggle()),
  ]
  show()
  return {
    parts: [controls, speaker],
    leave() {
      if (on()) turn()
      voice.leave()
      for (const leave of leaving) leave()
    },
  }
}

/** @param {import("./spikes.js").Shown} spikes */
function titleOf({times, units, pixel}) {
  const count = times.length.toLocaleString("en")
  if (pixel) {
    return `Sound: ${count} clicks at the raster's pixels of ${pixel.toPrecision(2)} ms, too many spikes for more (a)`
  }
  const whose = units > 1 ? ` of ${units.toLocaleString("en")} neurons, from left to right` : ""
  return `Sound: ${count} ${times.length === 1 ? "spike" : "spikes"}${whose} (a)`
}
