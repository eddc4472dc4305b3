// How a class has answered: bars of options and patterns, columns of numbers, sketches over one another. What is right and
// what is one's own is marked by words as well.
import {s} from "../lessons/axes.js"
import {h} from "../shared/dom.js"
import {columns, thin} from "./columns.js"
import {Sketches} from "./sketches.js"

/**
 * @typedef {{count: number, label?: string, value?: any, low?: number | null, high?: number | null}} Bar
 * @typedef {object} Part as app/classroom/histogram.py says it
 * @property {"choice" | "number" | "pattern" | "rate" | "sketch"} of
 * @property {number} n
 * @property {Bar[]} [bars]
 * @property {string} [unit]
 * @property {number | null} [median]
 * @property {[number, number] | null} [quartiles]
 * @property {[number, number][][]} [lines]
 */
/**
 * @typedef {object} Shown
 * @property {{n: number, parts: Part[]} | null} histogram
 * @property {any} right null before it is revealed, and where nothing is
 * @property {any} mine null for nobody's
 * @property {import("../lessons/axes.js").Frame | null} frame of sketches
 */

export class Histogram {
  constructor() {
    this.el = h("div", {class: "histogram"})
    this.sketches = new Sketches()
    this.before = ""
    this.seen = new ResizeObserver(() => this.fit())
    this.seen.observe(this.el)
  }

  fit() {
    for (const row of this.el.querySelectorAll(".ticks")) thin(row)
  }

  /** @param {Shown} shown */
  show(shown) {
    const now = JSON.stringify([shown.histogram, shown.right, shown.mine])
    if (now === this.before) return
    this.before = now
    const parts = shown.histogram?.parts ?? []
    this.el.replaceChildren(...parts.map((part) => this.part(part, shown, parts.length > 1)))
    this.fit()
  }

  leave() {
    this.seen.disconnect()
    this.sketches.leave()
  }

  /** @param {Part} part @param {Shown} shown @param {boolean} titled */
  part(part, {right, mine, frame}, titled) {
    const made = h("section", {"aria-label": TITLES[part.of]})
    if (titled) made.append(h("h4", {}, TITLES[part.of], h("small", {}, ` ${part.n} answered`)))
    const own = mine != null && typeof mine === "object" ? mine[part.of] ?? null : mine
    if (part.of === "sketch") {
      if (frame) this.sketches.show({frame, lines: part.lines ?? [], n: part.n, mine: own, curve: right?.curve ?? null})
      made.append(this.sketches.el)
    } else if (part.of === "number" || part.of === "rate") {
      const value = part.of === "rate" ? (right ? {value: right.rate, near: 0} : null) : right
      made.append(...columns(part, value, own))
    } else made.append(rows(part, part.of === "pattern" ? right?.patterns ?? [] : right == null ? [] : [right], own))
    return made
  }
}

/** @type {Object<Part["of"], string>} */
const TITLES = {choice: "Answers", number: "Answers", pattern: "Pattern", rate: "Rate", sketch: "Potential"}

/**
 * One bar for each option, with its words before it however long they are.
 * @param {Part} part
 * @param {any[]} right
 * @param {any} mine
 */
function rows({bars = [], n}, right, mine) {
  const most = Math.max(1, ...bars.map(({count}) => count))
  // Of nine patterns those that nobody meant say nothing.
  const shown = bars.length <= MOST ? bars : bars.filter(({count, value}) => count || right.includes(value))
  if (!shown.length) return h("p", {class: "quiet"}, "No answers yet.")
  return h(
    "ul",
    {class: right.length ? "rows told" : "rows"},
    ...shown.map(({label = "", value, count}) => {
      const is = right.includes(value), own = value === mine
      const bar = s("svg", {
        class: "row-bar",
        viewBox: "0 0 100 10",
        preserveAspectRatio: "none",
        "aria-hidden": "true",
      })
      bar.append(s("rect", {x: 0, y: 0, width: 100 * count / most, height: 10}))
      return h(
        "li",
        {class: is ? "right" : null},
        h("span", {class: "label"}, label, ...marks(is, own)),
        bar,
        h("span", {class: "count"}, String(count), h("small", {}, ` ${n ? Math.round(100 * count / n) : 0} %`)),
      )
    }),
  )
}

const MOST = 8

/** @param {boolean} right @param {boolean} own */
function marks(right, own) {
  return [
    right ? h("span", {class: "chip right"}, "✓ right") : null,
    own ? h("span", {class: "chip own"}, "your answer") : null,
  ].flatMap((one) => one ? [" ", one] : [])
}
