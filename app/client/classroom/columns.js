// Numbers as columns over their axis, with those far beyond in a column of their own on either side.
import {s} from "../lessons/axes.js"
import {h} from "../shared/dom.js"

/**
 * @param {import("./histogram.js").Part} part
 * @param {{value: number, near: number} | null} right
 * @param {number | null} mine
 * @returns {HTMLElement[]}
 */
export function columns({bars: given = [], n, unit = "", median, quartiles}, right, mine) {
  if (!given.length || median == null || quartiles == null) return [h("p", {class: "quiet"}, "No answers yet.")]
  const bars = holding(given, right?.value)
  const most = Math.max(1, ...bars.map(({count}) => count)), width = 100 / bars.length
  const plot = s("svg", {viewBox: `0 0 ${bars.length} ${most}`, preserveAspectRatio: "none", "aria-hidden": "true"})
  const counts = [], here = {right: -1, mine: -1}
  for (const [k, bar] of bars.entries()) {
    const is = right != null && within(bar, right.value)
    if (is) here.right = k
    if (mine != null && within(bar, mine)) here.mine = k
    plot.append(s("rect", {
      x: k + .04,
      y: most - bar.count,
      width: .92,
      height: bar.count,
      class: is ? "right" : bar.low == null || bar.high == null ? "beyond" : "",
    }))
    if (bar.count) {
      const place = `left: ${(k + .5) * width}%; bottom: ${100 * bar.count / most}%`
      counts.push(h("span", {class: "count", style: place}, String(bar.count)))
    }
  }
  const words = (/** @type {number} */ value) => `${exact(value)} ${unit}`.trim()
  const flags = [
    flag("right", here.right, bars.length, right ? `✓ ${words(right.value)}` : ""),
    flag("own", here.mine, bars.length, mine == null ? "" : `you: ${words(mine)}`),
  ]
  const half = quartiles[0] === quartiles[1]
    ? ""
    : `, half of all between ${short(quartiles[0])} and ${`${short(quartiles[1])} ${unit}`.trim()}`
  return [
    h(
      "div",
      {class: right ? "columns told" : "columns", "aria-hidden": "true"},
      ...flags.flatMap((one) => one ? [one] : []),
      h("div", {class: "area"}, plot, ...counts),
      h("div", {class: "ticks"}, ...ticks(bars, width, unit)),
    ),
    table(bars, n, here),
    h("p", {class: "middle"}, `Median ${short(median)} ${unit}`.trim() + `${half}.`),
  ]
}

/** @typedef {import("./histogram.js").Bar} Bar */

/** @param {Bar} bar @param {number} value */
const within = ({low, high}, value) => value >= (low ?? -Infinity) && value < (high ?? Infinity)

/**
 * The bars, with one more where what is right is beyond all answers.
 * @param {Bar[]} bars
 * @param {number | undefined} value
 */
function holding(bars, value) {
  if (value == null || bars.some((bar) => within(bar, value))) return bars
  const first = bars[0], last = bars[bars.length - 1]
  if (first.low != null && value < first.low) return [{low: null, high: first.low, count: 0}, ...bars]
  return [...bars, {low: last.high, high: null, count: 0}]
}

/**
 * A flag above the column in which a value falls, to the side on which there is room.
 * @param {string} kind
 * @param {number} at
 * @param {number} of
 * @param {string} words
 */
function flag(kind, at, of, words) {
  if (at < 0) return null
  const place = 100 * (at + .5) / of
  const side = place > 50 ? `margin: 0 ${100 - place}% 0 auto` : `margin: 0 auto 0 ${place}%`
  return h("div", {class: `flag ${kind} ${place > 50 ? "to-left" : ""}`, style: side}, words)
}

/** @param {Bar[]} bars @param {number} width of each, percent @param {string} unit */
function ticks(bars, width, unit) {
  /** @param {number} place @param {string} words @param {string} kind */
  const tick = (place, words, kind) => {
    const side = place < 1 ? "first" : place > 99 ? "last" : ""
    return h("span", {class: `${kind} ${side}`, style: `left: ${place}%`}, words)
  }
  const ends = [tick(50, unit, "below")]
  const end = (/** @type {string} */ words, /** @type {string} */ left) =>
    h("span", {class: "below", style: left}, words)
  if (bars[0].low == null) ends.push(end("less", `left: max(${width / 2}%, 1.2em)`))
  if (bars[bars.length - 1].high == null) ends.push(end("more", `left: min(${100 - width / 2}%, 100% - 1.4em)`))
  const inner = bars.flatMap((bar, k) => bar.low == null || bar.high == null ? [] : [{...bar, k}])
  if (inner.some(({label}) => label != null)) {
    return [...inner.map(({label = "", k}) => tick((k + .5) * width, minus(label), "")), ...ends]
  }
  const edges = inner.map(({low, k}) => ({at: low ?? 0, k}))
  const last = inner[inner.length - 1]
  if (last) edges.push({at: last.high ?? 0, k: last.k + 1})
  return [...edges.map(({at, k}) => tick(k * width, exact(at), "")), ...ends]
}

/**
 * Leave so many ticks out that none stands over another: how long they are, only the page knows.
 * @param {Element} row of ticks
 */
export function thin(row) {
  const all = /** @type {HTMLElement[]} */ ([...row.querySelectorAll(":not(.below)")])
  for (const every of [1, 2, 4, 5, 10, 20]) {
    all.forEach((one, k) => one.hidden = k % every !== 0)
    const boxes = all.filter(({hidden}) => !hidden).map((one) => one.getBoundingClientRect())
    if (boxes.every(({left}, k) => k === 0 || left >= boxes[k - 1].right + GAP)) return
  }
}

const GAP = 4 // px between two ticks

/** A number as it was said. @param {number} value */
const exact = (value) => written(value, 10)
/** A number that was computed. @param {number} value */
const short = (value) => written(value, 6)

/** @param {number} value @param {number} digits */
function written(value, digits) {
  const size = Math.abs(value), plain = value === 0 || (size < 1e9 && size >= 1e-4)
  return minus(plain ? String(Number(value.toPrecision(digits))) : value.toExponential(2).replace(/\.?0+e\+?/, "e"))
}

/** @param {string} text */
const minus = (text) => text.replaceAll("-", "−")

/**
 * The same in words, for those who do not see it.
 * @param {Bar[]} bars
 * @param {number} n
 * @param {{right: number, mine: number}} here
 */
function table(bars, n, here) {
  const said = (/** @type {Bar} */ {low, high, label}) => {
    if (label != null) return minus(label)
    if (low == null) return `below ${exact(high ?? 0)}`
    return high == null ? `${exact(low)} and more` : `${exact(low)} to ${exact(high)}`
  }
  const notes = (/** @type {number} */ k) =>
    `${k === here.right ? ", right" : ""}${k === here.mine ? ", your answer" : ""}`
  return h(
    "table",
    {class: "vh"},
    h("caption", {}, `${n} answered`),
    ...bars.map((bar, k) =>
      h("tr", {}, h("th", {scope: "row"}, `${said(bar)}${notes(k)}`), h("td", {}, String(bar.count)))
    ),
  )
}
