// A quantity's row: its name, what one step does and what goes back to the default; its slider, the number and the unit.
import {h} from "../shared/dom.js"
import {Drag} from "./drag.js"
import {ForesightStrip} from "./foresight_strip.js"
import {format} from "./number.js"
import {NumberEntry} from "./number_entry.js"
import {ask} from "./question.js"
import {error, label, lock, mark, message, reset} from "./row_parts.js"
import {explain} from "./row_tips.js"
import {LENGTH, SliderScale} from "./slider_scale.js"
import {star} from "./star.js"

const NOTCH = 40 // pixels that a wheel turns for one step, at least
const REST = 300 // ms without a turn after which the hand has left the wheel

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
 * @property {{of: string, own: boolean}} [star] of which model, and whether it is presented by default
 * @property {string} [home] where its default comes from
 * @property {string} [locked] why its value cannot be moved
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
    this.held = false // whether a hand moved it and has not let go yet
    /** @type {string | null} what was typed for the value that was set last */
    this.typed = null
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
      value: (value) => {
        const text = this.entry.el.value
        this.set(value, "commit")
        this.typed = text
      },
      wrong: (text) => this.error(text),
      ask: (asked) => ask(this, asked),
      key: (event) => this.key(event),
    })
    this.reset = reset(`${name} to ${format(spec.default)} ${unit ?? ""}`, `to ${format(spec.default)} ${unit ?? ""}`)
    this.wrong = error(id)
    this.strip = new ForesightStrip(this, `${id}-f`)
    this.drag = new Drag(this.range, {
      place: () => LENGTH * this.scale.share(this.value),
      move: (place, fine) => {
        this.dragging = true
        this.slow(fine)
        this.set(this.scale.at(place, fine, this.drag.pixel), "drag")
      },
      end: () => this.release(),
    })
    this.el = h(
      "div",
      {class: "row", "data-key": key},
      h("div", {class: "top"}, mark(), this.label, this.strip.hint, this.reset),
      h("div", {class: "way"}, this.strip.el, this.range),
      h("div", {class: "field"}, this.entry.el, h("span", {class: "unit", "aria-hidden": "true"}, unit ?? "")),
      h("span", {id: `${id}-d`, class: "vh"}, [spec.doc, spec.locked].filter(Boolean).join(" ")),
      this.strip.told,
      this.wrong,
    )
    this.label.after(star(this.el, spec) ?? "")
    this.el.style.setProperty("--unit", `${(unit ?? "").length}ch`)
    if (spec.locked) lock(this.el, spec.locked, this.range, this.entry.el)
    this.follow()
    explain(this)
    this.turn()
    this.show(spec.value)
  }

  /** Follow the hand on the slider, on its name and on the button. */
  follow() {
    const {range, spec} = this
    const home = () => {
      this.narrow()
      this.set(spec.default, "commit")
    }
    range.addEventListener("input", () => { // of the element itself, as assistive technology moves it
      if (this.drag.id != null) this.show(this.value) // also what the browser makes of a finger that scrolls
      else this.set(this.scale.at(Number(range.value)), "drag", range)
    })
    range.addEventListener("change", () => {
      if (!this.drag.active) this.letGo(range)
    })
    range.addEventListener("keydown", (event) => this.key(event))
    for (const end of ["keyup", "focusout"]) this.el.addEventListener(end, () => this.drag.active || this.letGo())
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

  /** The hand lets go of the slider. */
  release() {
    this.dragging = false
    this.slow(false)
    this.set(this.value, "commit")
  }

  /**
   * Whatever else moved it is at rest.
   * @param {HTMLInputElement | null} from where the hand is
   */
  letGo(from = null) {
    if (this.held) this.set(this.value, "commit", from)
  }

  /** The slider has its own range again. */
  narrow() {
    if (this.scale.narrow()) this.strip.draw()
  }

  /** @param {boolean} fine whether the thumb moves a tenth as fast as the hand */
  slow(fine) {
    this.el.classList.toggle("fine", fine)
  }

  /** A wheel over a row that has the focus moves it as a key does, and nothing else. */
  turn() {
    const {el} = this
    let turned = 0
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let rest
    const turn = (/** @type {WheelEvent} */ event) => {
      event.preventDefault()
      const by = event.deltaY || event.deltaX // with Shift some browsers turn it sideways
      turned += event.deltaMode ? NOTCH * Math.sign(by) : by
      if (Math.abs(turned) < NOTCH) return
      const value = this.scale.next(this.value, turned < 0 ? "ArrowUp" : "ArrowDown", event.shiftKey, event.altKey)
      turned = 0
      if (value == null) return
      this.set(value, "drag")
      clearTimeout(rest)
      rest = setTimeout(() => this.drag.active || this.letGo(), REST)
    }
    el.addEventListener("focusin", () => el.addEventListener("wheel", turn, {passive: false}))
    el.addEventListener("focusout", () => el.removeEventListener("wheel", turn))
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const value = this.scale.next(this.value, event.key, event.shiftKey, event.altKey)
    if (value == null) return
    event.preventDefault()
    this.set(value, "drag")
  }

  /**
   * What was set is refused: the slider goes back to where the run is, the box keeps what was typed.
   * @param {string} text why
   * @param {number | null} kept the value of the run
   */
  refuse(text, kept) {
    this.error(text)
    this.narrow() // what was refused does not widen the slider
    this.held = false
    if (this.typed != null) this.entry.el.value = this.typed
    if (kept != null && !this.dragging) this.place(kept)
  }

  /** @param {string} text "" where nothing is wrong */
  error(text) {
    message(this, text)
    this.entry.mark(text !== "")
  }

  /**
   * @param {number} value
   * @param {"drag" | "commit"} phase
   * @param {HTMLInputElement | null} from where the hand is
   */
  set(value, phase, from = null) {
    if (this.spec.locked) return
    if (this.el.matches(".bad, .asks")) this.error("")
    this.held = phase === "drag"
    this.typed = null
    this.group.tip.hide()
    const same = value === this.value
    this.show(value, from)
    if (!same || phase === "commit") this.group.sender.send(this.spec.key, value, phase)
  }

  /**
   * @param {number} value
   * @param {HTMLInputElement | null} from where the hand is: what it holds is not moved
   */
  show(value, from = null) {
    this.place(value, from)
    this.entry.show(value)
  }

  /**
   * All but the box.
   * @param {number} value
   * @param {HTMLInputElement | null} from
   */
  place(value, from = null) {
    this.value = value
    this.entry.value = value
    if (this.scale.widen(value)) this.strip.draw()
    const place = LENGTH * this.scale.share(value)
    if (from !== this.range) this.range.value = String(place)
    this.range.style.setProperty("--at", `${100 * place / LENGTH}%`)
    if (this.el.matches(".fine")) this.el.style.setProperty("--share", String(place / LENGTH))
    this.range.setAttribute("aria-valuetext", `${format(value)} ${this.spec.unit ?? ""}`.trim())
    this.el.classList.toggle("changed", value !== this.spec.default)
  }
}
