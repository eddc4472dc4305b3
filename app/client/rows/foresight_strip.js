// Foresight of a slider: a strip in its track's place, in the colours of what happens along it, and a hint beside it.
import {h} from "../shared/dom.js"
import {isQuiet} from "../shared/quiet.js"
import {format} from "./number.js"

const WIDE = 512 // pixels of a strip's picture, stretched over the track
const NEAR = 5 // pixels from a mark within which it is meant
const NONE = "\u2013" // a hint that says nothing

/**
 * @typedef {object} Track
 * @property {[number, number, boolean]} span from, to, on a logarithmic scale
 * @property {number[]} fires where firing begins or ends
 * @property {string} [along] what happens along it, in words
 * @property {string} [hint] what one step does
 * @property {string} [step] the same in words
 */

export class ForesightStrip {
  /**
   * @param {import("./slider_row.js").SliderRow} row
   * @param {string} id of what it says in words
   */
  constructor(row, id) {
    this.row = row
    /** @type {Track | null} */
    this.found = null
    /** @type {Uint8Array | null} */
    this.colours = null
    this.canvas = h("canvas", {width: WIDE, height: 1})
    this.marks = h("span", {class: "marks"})
    this.el = h("span", {class: "strip-of", "aria-hidden": "true"}, this.canvas, this.marks)
    this.hint = h("span", {class: "hint", "aria-hidden": "true", "data-term": "hint ▲▼"})
    this.words = ""
    this.told = h("span", {class: "vh", id})
  }

  /**
   * @param {Track | null} found null when nothing is known
   * @param {Uint8Array | null} colours
   * @param {string} [note]
   */
  take(found, colours, note) {
    this.found = found
    this.colours = colours
    this.row.el.classList.toggle("foreseen", found != null)
    this.hint.textContent = found?.hint ?? ""
    this.hint.classList.toggle("none", found?.hint === NONE)
    this.words = [found?.along, found?.step, note].filter(Boolean).join(" ")
    this.speak()
    this.draw()
  }

  /** Say it in words as well, unless it is to be found out. */
  speak() {
    this.told.textContent = isQuiet("run") ? "" : this.words
    this.hint.dataset.more = this.said
  }

  /** What it says in words; nothing while that holds no longer. */
  get said() {
    return this.hint.matches(".old") ? "" : this.told.textContent ?? ""
  }

  /**
   * The mark under a pointer, as a term, and what it says here; null where there is none.
   * @param {number} x in the window
   */
  mark(x) {
    if (isQuiet("run")) return null
    const {row: {scale, spec}, el} = this
    const {left, width} = el.getBoundingClientRect()
    const under = (/** @type {number} */ value) => Math.abs(left + width * scale.share(value) - x) <= NEAR
    const of = spec.unit ? ` ${spec.unit}` : ""
    const fires = this.found?.fires.find(under)
    if (fires != null) return {term: "rheobase mark", more: `Firing begins or ends at about ${format(fires)}${of}.`}
    const more = `${spec.home ?? "Default"}: ${format(spec.default)}${of}.`
    return this.found && under(spec.default) ? {term: "default mark", more} : null
  }

  /**
   * @param {boolean} hint whether its hint, and its strip, hold no longer
   * @param {boolean} strip
   */
  doubt(hint, strip) {
    this.hint.classList.toggle("old", hint)
    this.hint.dataset.more = this.said
    this.el.classList.toggle("old", strip)
  }

  /** Each point has the part of the slider that is nearer to it than to its neighbours, wherever that is shown now. */
  draw() {
    const {found, colours, row: {scale, spec}} = this
    if (found == null || colours == null) return
    const [low, high, log] = found.span
    const count = colours.length / 4
    /** @param {number} k */
    const value = (k) => (log ? low * (high / low) ** (k / (count - 1)) : low + (high - low) * k / (count - 1))
    /** @param {number} k */
    const middle = (k) => (scale.share(value(k - 1)) + scale.share(value(k))) / 2
    /** @param {number} k */
    const edge = (k) => Math.round(WIDE * (k <= 0 ? scale.share(low) : k >= count ? scale.share(high) : middle(k)))
    const pen = this.canvas.getContext("2d")
    if (pen == null) return
    pen.clearRect(0, 0, WIDE, 1)
    for (let k = 0; k < count; k++) {
      const [red, green, blue, alpha] = colours.subarray(4 * k, 4 * k + 4)
      pen.fillStyle = `rgba(${red},${green},${blue},${alpha / 255})`
      pen.fillRect(edge(k), 0, edge(k + 1) - edge(k), 1)
    }
    /**
     * @param {string} kind
     * @param {number} value
     */
    const mark = (kind, value) => {
      const made = h("i", {class: kind})
      made.style.left = `${100 * scale.share(value)}%`
      return made
    }
    this.marks.replaceChildren(mark("usual", spec.default), ...found.fires.map((value) => mark("fires", value)))
  }
}
