// A pad on which a trace is drawn with the pointer, or with keys, before it is shown.
import {h} from "../shared/dom.js"
import {Axes, BOTTOM, LEFT, RIGHT, s, TOP} from "./axes.js"

const WIDTH = 300, HEIGHT = 170
const COUNT = 61 // points of a sketch

export class Sketch extends Axes {
  /** @param {import("./questions.js").Asked} ask */
  constructor(ask) {
    super(ask.frame ?? {time: [0, 1], range: [0, 1]}, ask.unit, WIDTH, HEIGHT)
    /** @type {(number | null)[]} */
    this.values = Array(COUNT).fill(null)
    this.at = 0 // where the keys are
    this.mine = s("path", {class: "mine"})
    this.real = s("path", {class: "real"})
    this.mark = s("circle", {class: "mark", r: 5, visibility: "hidden"})
    const label = "Sketch pad: draw with the pointer, or with the arrow keys"
    this.svg = s(
      "svg",
      {viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: "pad", tabindex: 0, role: "application", "aria-label": label},
      ...this.axes(),
      this.real,
      this.mine,
      this.mark,
    )
    const clear = h("button", {type: "button", class: "quiet"}, "Clear")
    clear.addEventListener("click", () => this.show(null))
    this.el = h(
      "div",
      {class: "sketch"},
      this.svg,
      h("div", {class: "legend"}, key("mine", "your sketch"), key("real", "the run"), clear),
    )
    this.follow()
  }

  /** @param {number} k */
  timeOf(k) {
    return this.time[0] + k / (COUNT - 1) * (this.time[1] - this.time[0])
  }

  follow() {
    /** @type {{k: number, value: number} | null} */
    let last = null
    const place = (/** @type {PointerEvent} */ event) => {
      const box = this.svg.getBoundingClientRect()
      const x = (event.clientX - box.left) / box.width * WIDTH, y = (event.clientY - box.top) / box.height * HEIGHT
      const k = Math.round((x - LEFT) / (WIDTH - LEFT - RIGHT) * (COUNT - 1))
      const [low, high] = this.range
      const value = high - (y - TOP) / (HEIGHT - TOP - BOTTOM) * (high - low)
      return {k: Math.max(0, Math.min(COUNT - 1, k)), value: Math.max(low, Math.min(high, value))}
    }
    this.svg.addEventListener("pointerdown", (event) => {
      event.preventDefault()
      this.svg.setPointerCapture(event.pointerId)
      last = place(event)
      this.set(last.k, last.value)
    })
    this.svg.addEventListener("pointermove", (event) => {
      if (last == null) return
      const now = place(event)
      const steps = Math.max(1, Math.abs(now.k - last.k))
      for (let i = 1; i <= steps; i++) {
        const part = i / steps
        this.set(Math.round(last.k + part * (now.k - last.k)), last.value + part * (now.value - last.value))
      }
      last = now
    })
    for (const end of ["pointerup", "pointercancel"]) this.svg.addEventListener(end, () => last = null)
    this.svg.addEventListener("keydown", (event) => {
      const [low, high] = this.range
      const before = this.values[this.at] ?? this.values[Math.max(0, this.at - 1)] ?? (low + high) / 2
      const by = (high - low) / (event.shiftKey ? 10 : 50)
      if (event.key === "ArrowUp") this.set(this.at, Math.min(high, before + by))
      else if (event.key === "ArrowDown") this.set(this.at, Math.max(low, before - by))
      else if (event.key === "ArrowRight") {
        this.set(this.at, before)
        this.at = Math.min(COUNT - 1, this.at + 1)
        this.set(this.at, this.values[this.at] ?? before)
      } else if (event.key === "ArrowLeft") this.at = Math.max(0, this.at - 1)
      else return
      event.preventDefault()
      event.stopPropagation()
      this.draw()
    })
  }

  /** @param {number} k @param {number} value */
  set(k, value) {
    this.values[k] = value
    this.at = k
    this.draw()
  }

  draw() {
    /** @type {[number, number][]} */
    const points = this.values.flatMap((value, k) => value == null ? [] : [[this.timeOf(k), value]])
    this.mine.setAttribute("d", this.path(points))
    const here = this.values[this.at]
    this.mark.setAttribute("visibility", here == null ? "hidden" : "visible")
    if (here == null) return
    this.mark.setAttribute("cx", String(this.x(this.timeOf(this.at))))
    this.mark.setAttribute("cy", String(this.y(here)))
  }

  /** Where it was drawn, from end to end. */
  answer() {
    const points = this.values.flatMap((value, k) => value == null ? [] : [[this.timeOf(k), value]])
    return points.length > 1 ? points : undefined
  }

  wrong() {
    return this.answer() ? "" : "Draw the trace into the pad first, from left to right."
  }

  /** @param {any} answer */
  show(answer) {
    this.values.fill(null)
    for (const [time, value] of Array.isArray(answer) ? answer : []) {
      const k = Math.round((time - this.time[0]) / (this.time[1] - this.time[0]) * (COUNT - 1))
      if (k >= 0 && k < COUNT) this.values[k] = value
    }
    if (answer == null) this.real.setAttribute("d", "")
    this.at = 0
    this.draw()
  }

  /** @param {any} curve what it was */
  result(curve) {
    this.real.setAttribute("d", Array.isArray(curve) ? this.path(curve) : "")
  }
}

/** @param {string} kind @param {string} words */
const key = (kind, words) => h("span", {class: `key ${kind}`}, words)
