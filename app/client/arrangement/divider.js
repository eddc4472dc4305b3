// An edge between two parts of the page that can be dragged, by pointer and by keys. Where it stands is kept for the
// next visit, in a custom property `--spark-<name>` of the whole page and in the browser's store.
import {remember, remembered} from "../shared/remembered.js"

/**
 * @typedef {object} Edge
 * @property {string} name
 * @property {string} label
 * @property {"px"} [unit] of the value; without one it is a part of the whole
 * @property {boolean} [level] it lies level, and is dragged up and down; otherwise it stands upright
 * @property {boolean} [leftward] the value grows to the left
 * @property {number} step of an arrow key
 * @property {() => [number, number]} range
 * @property {() => number} now where it stands
 * @property {(event: PointerEvent) => number} at the value under a pointer
 * @property {(value: number) => void} [beyond] what a hand asks for, before it is kept in range
 */

export class Divider {
  /**
   * @param {HTMLElement} el
   * @param {Edge} edge
   */
  constructor(el, edge) {
    this.el = el
    this.edge = edge
    el.setAttribute("role", "separator")
    el.setAttribute("aria-label", edge.label)
    el.setAttribute("aria-orientation", edge.level ? "horizontal" : "vertical")
    el.addEventListener("pointerdown", (event) => this.take(event))
    el.addEventListener("keydown", (event) => this.press(event))
    el.addEventListener("dblclick", () => this.reset())
    el.addEventListener("focus", () => this.tell())
    this.fit()
  }

  /** Where it was left, as far as this window has room for it. */
  fit() {
    const kept = Number(remembered(this.edge.name))
    if (kept) this.set(kept)
    else this.tell()
  }

  /** @param {PointerEvent} event */
  take(event) {
    if (event.button !== 0) return
    event.preventDefault()
    this.el.focus({preventScroll: true})
    this.el.setPointerCapture(event.pointerId)
    const off = this.edge.at(event) - this.edge.now()
    let moved = false
    /** @param {PointerEvent} event */
    const move = (event) => {
      moved = true
      const asked = this.edge.at(event) - off
      this.edge.beyond?.(asked)
      this.set(asked)
    }
    const drop = () => {
      this.el.removeEventListener("pointermove", move)
      this.el.removeEventListener("pointerup", drop)
      this.el.removeEventListener("pointercancel", drop)
      if (moved) this.keep()
    }
    this.el.addEventListener("pointermove", move)
    this.el.addEventListener("pointerup", drop)
    this.el.addEventListener("pointercancel", drop)
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    const [low, high] = this.edge.range()
    const {step, level, leftward} = this.edge
    const [more, less] = level
      ? ["ArrowUp", "ArrowDown"]
      : leftward
      ? ["ArrowLeft", "ArrowRight"]
      : ["ArrowRight", "ArrowLeft"]
    const now = this.value ?? this.edge.now() // which may be rounded to pixels
    const to = {
      [more]: now + step,
      [less]: now - step,
      PageUp: now + 4 * step,
      PageDown: now - 4 * step,
      Home: low,
      End: high,
    }[event.key]
    if (to == null) return
    event.preventDefault()
    this.set(to)
    this.keep()
  }

  /** @param {number} value */
  set(value) {
    const [low, high] = this.edge.range()
    this.put(Math.min(Math.max(value, low), high))
    this.tell()
  }

  /** @param {number} value */
  put(value) {
    this.value = value
    const digits = this.edge.unit ? 0 : 4
    document.documentElement.style.setProperty(
      `--spark-${this.edge.name}`,
      value.toFixed(digits) + (this.edge.unit ?? ""),
    )
  }

  keep() {
    if (this.value != null) remember(this.edge.name, String(this.value))
  }

  reset() {
    document.documentElement.style.removeProperty(`--spark-${this.edge.name}`)
    remember(this.edge.name, null)
    this.value = undefined
    this.tell()
  }

  /** Say where it stands, for those who do not see it. */
  tell() {
    const scale = this.edge.unit ? 1 : 100
    const [low, high] = this.edge.range()
    for (const [name, value] of [["min", low], ["max", high], ["now", this.edge.now()]]) {
      this.el.setAttribute(`aria-value${name}`, String(Math.round(scale * Number(value))))
    }
  }
}
