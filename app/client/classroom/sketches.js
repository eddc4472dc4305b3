// All sketches of a class thin over one another, one's own and the run bold.
import {Axes, s} from "../lessons/axes.js"
import {h} from "../shared/dom.js"

const LEAST = 240
const USUAL = 700 // px of width from which letters and lines grow with it

/**
 * @typedef {object} Drawn
 * @property {import("../lessons/axes.js").Frame} frame
 * @property {[number, number][][]} lines
 * @property {number} n of whom these are some
 * @property {[number, number][] | null} mine
 * @property {[number, number][] | null} curve the run
 */

export class Sketches {
  constructor() {
    this.svg = s("svg", {class: "pad shown", role: "img"})
    this.keys = h("p", {class: "keys"})
    this.el = h("div", {class: "sketch"}, this.svg, this.keys)
    /** @type {Drawn | null} */
    this.drawn = null
    this.width = 0
    // Letters stay legible at every width, so that the plot is drawn for the one there is.
    this.seen = new ResizeObserver(() => this.draw())
    this.seen.observe(this.el)
  }

  leave() {
    this.seen.disconnect()
  }

  /** @param {Drawn} drawn */
  show(drawn) {
    this.drawn = drawn
    this.width = 0
    const {n, lines, mine, curve} = drawn
    const some = n > lines.length ? `${lines.length} of ${n} sketches` : `${n} sketch${n === 1 ? "" : "es"}`
    const key = (/** @type {string} */ kind, /** @type {string} */ words) => h("span", {class: `line ${kind}`}, words)
    this.keys.replaceChildren(
      key("all", some),
      ...mine ? [key("mine", "yours")] : [],
      ...curve ? [key("real", "the run")] : [],
    )
    this.svg.setAttribute(
      "aria-label",
      `${some} of the potential${mine ? ", yours" : ""}${curve ? ", and the run" : ""}`,
    )
    this.draw()
  }

  draw() {
    const full = Math.max(LEAST, this.el.clientWidth), width = Math.round(full / Math.max(1, full / USUAL))
    if (this.drawn == null || width === this.width) return
    this.width = width
    const {frame, lines, mine, curve} = this.drawn
    const axes = new Axes(frame, "mV", width, Math.round(Math.min(.57 * width, 120 + .25 * width)))
    this.svg.setAttribute("viewBox", `0 0 ${width} ${axes.height}`)
    this.svg.replaceChildren(
      ...axes.axes(),
      ...lines.map((points) => s("path", {class: "one", d: axes.path(points)})),
      ...curve ? [s("path", {class: "real", d: axes.path(curve)})] : [],
      ...mine ? [s("path", {class: "mine", d: axes.path(mine)})] : [],
    )
  }
}
