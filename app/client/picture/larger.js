// Figures for the back row: their type and their lines, which no style sheet reaches.
import {onPresent, presented, SCALE} from "../shared/present.js"
import {models, set} from "../shared/seam.js"

const LINES = 1.5 // times as thick
const MARGINS = ["min_border_left", "min_border_right", "glyph_width", "glyph_height", "axis_label_standoff"]

export class Larger {
  /** @param {any} doc */
  constructor(doc) {
    this.doc = doc
    /** @type {Map<any, Object<string, {own: any, large: any}>>} what was changed, by model */
    this.changed = new Map()
    this.leave = onPresent((yes) => yes ? this.renew() : this.restore())
  }

  /** Also what has come since, with a view that was opened. */
  renew() {
    if (!presented()) return
    for (const model of models(this.doc)) {
      if (this.changed.has(model)) continue
      const kept = larger(model)
      this.changed.set(model, kept)
      apply(model, kept, "large")
    }
  }

  restore() {
    for (const [model, kept] of this.changed) {
      // What was given another value meanwhile keeps that.
      const still = Object.entries(kept).filter(([name, {large}]) => plain(model[name]) === large)
      apply(model, Object.fromEntries(still), "own")
    }
    this.changed.clear()
  }
}

/**
 * @param {any} model
 * @param {Object<string, {own: any, large: any}>} kept
 * @param {"own" | "large"} which
 */
function apply(model, kept, which) {
  const values = Object.entries(kept).map(([name, both]) => [name, both[which]])
  if (values.length) set(model, Object.fromEntries(values))
}

/**
 * Type sizes, line widths and the room for them as they are to be.
 * @param {any} model
 */
function larger(model) {
  /** @type {Object<string, {own: any, large: any}>} */
  const kept = {}
  for (const name of Object.keys(model.properties)) {
    const type = name.endsWith("text_font_size"), line = name.endsWith("line_width")
    if (!type && !line && !MARGINS.includes(name)) continue
    const own = plain(model[name])
    const large = type ? sized(own) : grown(own, line)
    if (large !== own) kept[name] = {own, large}
  }
  return kept
}

/**
 * The value of a property that may hold one for all points, or name a column.
 * @param {any} held
 */
const plain = (held) => held != null && typeof held === "object" && "value" in held ? held.value : held

/**
 * @param {any} own
 * @param {boolean} line the width of one, else room in whole pixels
 */
const grown = (own, line) => typeof own !== "number" ? own : line ? own * LINES : Math.round(own * SCALE)

/** @param {any} size "12px", "1.025em" */
function sized(size) {
  const [, number, unit] = /^([\d.]+)(\D+)$/.exec(String(size)) ?? []
  return number ? `${Math.round(Number(number) * SCALE * 1000) / 1000}${unit}` : size
}
