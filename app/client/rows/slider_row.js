// A quantity's row: its name, its slider, the number, the unit, and what goes back to the default.
import {h} from "../shared/dom.js"
import {ForesightStrip} from "./foresight_strip.js"
import {format} from "./number.js"
import {NumberEntry} from "./number_entry.js"
import {ask} from "./question.js"
import {error, label, mark, message, reset} from "./row_parts.js"
import {LENGTH, SliderScale} from "./slider_scale.js"

const LINGER = 350 // ms over a name until its tip is shown
const LINGER_HINT = 200

/**
 * @typedef {object} SliderSpec a row as `app/client/rows.py` describes it
 * @property {string} key
 * @property {string} name
 * @property {string} [symbol]
 * @property {string} [unit]
 * @property {string} [doc]
 * @property {number} value
 * @property {number} default
 * @property {number} min
 * @property {number} max
 * @property {number} step
 * @property {boolean} log
 * @property {boolean} [integer]
 */

export class SliderRow {
  /**
   * @param {import("./rows.js").Group} group
   * @param {SliderSpec} spec
   */
  constructor(group, spec) {
    this.group = group
    this.spec = spec
    this.scale = new SliderScale(spec)
    this.value = spec.value
    this.dragging = false
    const {key, name, unit} = spec
    const id = `r-${key}`
    const spoken = `${name}${unit ? ` in ${unit}` : ""}`
    this.label = label(spec, `${id}-s`)
    this.range = h("input", {
      type: "range",
      id: `${id}-s`,
      min: 0,
      max: LENGTH,
      step: "any",
      "aria-label": spoken,
      "aria-describedby": `${id}-d ${id}-f`,
    })
    this.entry = new NumberEntry(spec, id, spoken, {
      value: (value) => this.set(value, "commit"),
      wrong: (text) => this.error(text),
      ask: (asked) => this.ask(asked),
      key: (event) => this.key(event),
    })
    this.reset = reset(`${name} to ${format(spec.default)} ${unit ?? ""}`, `to ${format(spec.default)} ${unit ?? ""}`)
    this.wrong = error(id)
    this.strip = new ForesightStrip(this, `${id}-f`)
    this.el = h(
      "div",
      {class: "row", "data-key": key},
      mark(),
      this.label,
      this.strip.el,
      this.range,
      this.entry.el,
      h("span", {class: "unit", "aria-hidden": "true"}, unit ?? ""),
      this.strip.hint,
      this.reset,
      h("span", {id: `${id}-d`, class: "vh"}, spec.doc ?? ""),
      this.strip.told,
      this.wrong,
    )
    this.follow()
    this.explain()
    this.show(spec.value)
  }

  /** Follow the hand on the slider, on its name and on the button. */
  follow() {
    const {range, spec} = this
    const rest = () => {
      this.dragging = false
    }
    const home = () => this.set(spec.default, "commit")
    range.addEventListener("pointerdown", () => {
      this.dragging = true
    })
    range.addEventListener("input", () => this.set(this.scale.at(Number(range.value)), "drag", range))
    range.addEventListener("change", () => {
      rest()
      this.set(this.value, "commit", range)
    })
    for (const end of ["pointerup", "pointercancel", "blur"]) range.addEventListener(end, rest)
    range.addEventListener("keydown", (event) => this.key(event))
    range.addEventListener("dblclick", home)
    this.label.addEventListener("dblclick", (event) => {
      event.preventDefault()
      home()
    })
    this.reset.addEventListener("click", () => {
      home()
      range.focus()
    })
  }

  /** Show the tip where somebody lingers. */
  explain() {
    const {label, range, strip, group} = this
    const hide = () => group.tip.hide()
    label.addEventListener("pointerenter", (event) => {
      if (event.pointerType === "mouse") group.tip.show(this, label, LINGER)
    })
    label.addEventListener("pointerleave", hide)
    label.addEventListener("click", (event) => {
      if (!matchMedia("(pointer: coarse)").matches) return
      event.preventDefault()
      group.tip.show(this, label, 0)
    })
    range.addEventListener("focus", () => {
      if (range.matches(":focus-visible") && group.keyboard) group.tip.show(this, label, LINGER)
    })
    range.addEventListener("blur", hide)
    strip.hint.addEventListener("pointerenter", (event) => {
      if (event.pointerType === "mouse") group.tip.show(this, strip.hint, LINGER_HINT)
    })
    strip.hint.addEventListener("pointerleave", hide)
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const value = this.scale.next(this.value, event.key, event.shiftKey)
    if (value == null) return
    event.preventDefault()
    this.set(value, "drag")
  }

  /** @param {string} text "" where nothing is wrong */
  error(text) {
    message(this, text)
    if (text) { // what was refused does not widen the slider
      this.scale.narrow()
      this.strip.draw()
    }
    this.entry.mark(text !== "")
  }

  /** @param {import("./reading.js").Question} asked */
  ask(asked) {
    this.error("")
    const {entry} = this
    ask(this, asked, {
      answer: (value) => {
        entry.el.focus()
        entry.take(value)
      },
      leave: () => {
        entry.el.focus()
        entry.leave()
      },
    })
  }

  /**
   * @param {number} value
   * @param {"drag" | "commit"} phase
   * @param {HTMLInputElement | null} from where the hand is
   */
  set(value, phase, from = null) {
    this.error("")
    const same = value === this.value
    this.show(value, from)
    if (!same || phase === "commit") this.group.sender.send(this.spec.key, value, phase)
  }

  /**
   * @param {number} value
   * @param {HTMLInputElement | null} from where the hand is: what it holds is not moved
   */
  show(value, from = null) {
    this.value = value
    if (this.scale.widen(value)) this.strip.draw()
    const place = LENGTH * this.scale.share(value)
    if (from !== this.range) this.range.value = String(place)
    this.range.style.setProperty("--at", `${100 * place / LENGTH}%`)
    this.range.setAttribute("aria-valuetext", `${format(value)} ${this.spec.unit ?? ""}`.trim())
    this.entry.show(value)
    this.el.classList.toggle("changed", value !== this.spec.default)
  }
}
