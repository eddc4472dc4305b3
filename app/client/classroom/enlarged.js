// One student's trace, as large as the projector: axes, numbers, what was changed; the next one by an arrow key.
import {Dialog} from "../shared/dialog.js"
import {h, put} from "../shared/dom.js"
import {ticks, told} from "../standalone/scale.js"
import {button} from "./parts.js"
import {first, hertz, spikes, spoken, symbols, why} from "./told.js"
import {line, path, picture, set, TALL} from "./trace.js"

const ACROSS = 110, UP = 64 // pixels between two numbers of an axis, at least

/**
 * @typedef {object} Shown
 * @property {import("./told.js").Told} tile
 * @property {string} name
 * @property {string} place "3 of 40"
 * @property {Float32Array} numbers of this trace, none where there is none
 * @property {number} duration of this trace
 * @property {{numbers: Float32Array, duration: number} | null} teacher
 * @property {number} low
 * @property {number} high
 */

export class Enlarged {
  /**
   * @param {object} on
   * @param {(by: number) => void} on.step
   * @param {() => void} on.show to all
   * @param {() => void} on.remove
   * @param {() => void} on.closed
   */
  constructor(on) {
    this.place = h("span", {class: "place"})
    const back = button("icon", "‹", () => on.step(-1), "The one before (left arrow)")
    const next = button("icon", "›", () => on.step(1), "The next one (right arrow)")
    this.grid = line("grid")
    this.ghost = line("ghost")
    this.trace = line("line")
    this.picture = picture(1, this.grid, this.ghost, this.trace)
    this.across = h("div", {class: "across"})
    this.up = h("div", {class: "up"})
    this.why = h("p", {class: "why wrong"})
    this.plot = h("div", {class: "plot", role: "img"}, this.picture, this.up, this.across, this.why)
    this.title = h("p", {class: "of"})
    this.numbers = h("p", {class: "numbers"})
    this.changed = h("ul", {class: "changed", "aria-label": "Changed values"})
    this.said = h("span", {class: "said", role: "status"})
    this.show = button("primary", "Show to all", () => {
      on.show()
      this.tell("Shown to all.")
    })
    this.remove = button("", "Remove", () => this.ask(true))
    this.sure = h("span", {class: "sure"})
    this.yes = button("danger", "Remove", on.remove)
    this.no = button("", "Keep", () => this.ask(false))
    this.asked = h("span", {class: "asked", hidden: true}, this.sure, this.yes, this.no)
    this.dialog = new Dialog(
      {key: "enlarged", title: "", tools: [back, this.place, next]},
      this.plot,
      h("div", {class: "words"}, this.title, this.numbers, this.changed),
      h("footer", {}, this.show, this.said, this.remove, this.asked),
    )
    this.name = /** @type {HTMLElement} */ (this.dialog.el.querySelector("h2"))
    this.el = this.dialog.el
    this.el.classList.add("enlarged")
    this.el.addEventListener("keydown", (event) => {
      const by = {ArrowLeft: -1, ArrowRight: 1}[event.key]
      if (by == null || event.altKey || event.ctrlKey || event.metaKey) return
      event.preventDefault()
      on.step(by)
    })
    this.el.addEventListener("close", on.closed)
    /** @type {Shown | null} */
    this.shown = null
    new ResizeObserver(() => this.axes()).observe(this.plot)
  }

  get isOpen() {
    return this.dialog.isOpen
  }

  /** @param {HTMLElement} tile that has the focus afterwards */
  open(tile) {
    if (!this.isOpen) this.dialog.show()
    this.dialog.before = tile
    this.ask(false)
    put(this.said, "")
  }

  /** @param {string} words what came of it */
  tell(words) {
    put(this.said, words)
  }

  /** Ask before anybody is removed. @param {boolean} yes */
  ask(yes) {
    const asked = !this.asked.hidden
    this.remove.hidden = yes
    this.asked.hidden = !yes
    if (yes) this.no.focus()
    else if (asked) this.remove.focus()
  }

  /** @param {Shown} shown */
  take(shown) {
    const {tile, name, place} = this.shown = shown
    put(this.name, name)
    put(this.place, place)
    put(this.why, why(tile))
    put(this.title, tile.title)
    put(this.numbers, [tile.pattern, hertz(tile.rate), first(tile), spikes(tile)].filter(Boolean).join("  ·  "))
    const words = tile.changed.map((one) => h("li", {}, ...symbols(one)))
    this.changed.replaceChildren(...words)
    put(this.sure, `Remove ${name} from the room?`)
    set(this.plot, "aria-label", spoken(tile, name))
    this.axes()
  }

  axes() {
    const {plot, shown} = this, inner = this.picture.getBoundingClientRect()
    if (shown == null || !this.isOpen) return
    const {numbers, duration, teacher, low, high} = shown
    const y = {low, high}
    set(this.picture, "viewBox", `0 0 ${duration} ${TALL}`)
    set(this.trace, "d", path(numbers, {...y, wide: duration}))
    set(this.ghost, "d", teacher && numbers.length ? path(teacher.numbers, {...y, wide: teacher.duration}) : "")
    const scale = parseFloat(getComputedStyle(plot).fontSize) / 16
    const x = ticks(0, duration, inner.width / (ACROSS * scale)), up = ticks(low, high, inner.height / (UP * scale))
    const at = (/** @type {number} */ v) => (high - v) / (high - low)
    const lines = [
      ...x.found.map((t) => `M${t} 0V${TALL}`),
      ...up.found.map((v) => `M0 ${(TALL * at(v)).toFixed(1)}H${duration}`),
    ]
    set(this.grid, "d", lines.join(""))
    const number = (/** @type {number} */ value, /** @type {number} */ step, /** @type {string} */ place) =>
      h("span", {style: place}, told(value, step))
    this.across.replaceChildren(
      ...x.found.map((t) => number(t, x.step, `left:${100 * t / duration}%`)),
      h("em", {}, "time (ms)"),
    )
    this.up.replaceChildren(
      ...up.found.map((v) => number(v, up.step, `top:${100 * at(v)}%`)),
      h("em", {}, "potential (mV)"),
    )
  }
}
