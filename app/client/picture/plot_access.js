// Figures for those who see no canvas or use no pointer: their names, their view's sentence, and their marks by keys.
import {axes, drawnOf, elementOf} from "../shared/seam.js"
import {isQuiet} from "../shared/quiet.js"
import {spark} from "../shared/spark.js"
import {hand} from "./hand.js"

const STEPS = 100 // keys from one end of an axis to the other
const FAR = 10 // of them at once, with Shift
const REST = 400 // ms after the last key until the hand counts as resting
const TIME = "time (ms)" // of the stack, which shows its axis once

/** @type {Object<string, [number, number]>} */
const WAYS = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowDown: [0, -1], ArrowUp: [0, 1]}

/**
 * @typedef {object} Mark what a view says of a figure whose mark a hand may move (`app/views/side.py`)
 * @property {string} hand address of the view
 * @property {string} at name of the data source whose first point is the mark
 * @property {boolean} drag whether the view follows the mark on its way, or only where it comes to rest
 */

/**
 * Give each figure its name, and what the view says as its description; called when the hand rests.
 * @param {any[]} figures
 * @param {string} sentence of the run
 */
export function describe(figures, sentence) {
  for (const figure of figures) {
    const el = elementOf(figure)
    const {across, up} = axes(figure)
    if (!up) continue // a figure of the stack that this model does not use
    const mark = markOf(figure)
    const view = mark && !isQuiet("view") ? spark.sentences.get(mark.hand) : null
    el.setAttribute("role", mark ? "application" : "figure")
    el.setAttribute(
      "aria-label",
      `Plot: ${up} over ${across || TIME}${mark ? ". Arrow keys move its mark" : ""}`,
    )
    el.setAttribute("aria-description", view || sentence)
    if (mark && !el.hasAttribute("tabindex")) follow(figure, el, mark)
  }
}

/**
 * @param {any} figure
 * @returns {Mark | undefined}
 */
const markOf = (figure) => figure.model.tags.find((/** @type {any} */ tag) => tag?.hand)

/**
 * Let arrow keys on a figure move its mark, as a pointer does.
 * @param {any} figure
 * @param {HTMLElement} el
 * @param {Mark} mark
 */
function follow(figure, el, mark) {
  /** @type {[number, number] | null} where the keys have moved it by now */
  let now = null
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let rest
  el.tabIndex = 0
  el.style.outlineOffset = "-2px"
  el.addEventListener("keydown", (event) => {
    const way = WAYS[event.key]
    if (way == null || event.ctrlKey || event.altKey || event.metaKey) return
    event.preventDefault()
    event.stopPropagation()
    const {x_range, y_range} = figure.model
    const place = now ?? markAt(figure, mark.at)
    const count = event.shiftKey ? FAR : 1
    now = [moved(x_range, place[0], way[0] * count), moved(y_range, place[1], way[1] * count)]
    const [x, y] = now
    if (mark.drag) hand(mark.hand, {type: "hand", x, y, final: false})
    clearTimeout(rest)
    rest = setTimeout(() => {
      now = null
      hand(mark.hand, {type: "hand", x, y, final: true})
    }, REST)
  })
}

/**
 * Where the mark is; in the middle of the figure where there is none.
 * @param {any} figure
 * @param {string} name of its source
 * @returns {[number, number]}
 */
function markAt(figure, name) {
  const {x_range, y_range} = figure.model
  const {x, y} = drawnOf(figure, name)
  return x?.length && y?.length
    ? [Number(x[0]), Number(y[0])]
    : [(x_range.start + x_range.end) / 2, (y_range.start + y_range.end) / 2]
}

/**
 * @param {{start: number, end: number}} range
 * @param {number} from
 * @param {number} steps
 */
function moved({start, end}, from, steps) {
  const low = Math.min(start, end)
  const high = Math.max(start, end)
  return Math.min(high, Math.max(low, from + steps * (high - low) / STEPS))
}
