// Figures for the back row: their type and their lines, which no style sheet reaches.
import {onPresent, presented, SCALE} from "../shared/present.js"
import {models, properties, set} from "../shared/seam.js"

const LINES = 1.5 // times as thick
const LARGE = /(text_font_size|line_width|desired_num_ticks|min_height|min_border_.*|glyph_.*|axis_label_standoff)$/
const ROOM = ["min_border_left", "min_border_right", "glyph_width", "glyph_height", "axis_label_standoff"]

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
    for (const model of models(this.doc).values()) {
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
  for (const name of properties(model).filter((one) => LARGE.test(one))) {
    const own = plain(model[name])
    const large = name.endsWith("text_font_size") ? sized(own) : typeof own === "number" ? grown(model, name, own) : own
    if (large !== own) kept[name] = {own, large}
  }
  return kept
}

/**
 * @param {any} model
 * @param {string} name
 * @param {number} own
 */
function grown(model, name, own) {
  if (name.endsWith("line_width")) return own * LINES
  if (ROOM.includes(name)) return Math.round(own * SCALE)
  if (name === "desired_num_ticks") return Math.max(2, Math.round(own / SCALE))
  if (name === "min_height" && model.below) return Math.round(own * SCALE)
  return own
}

/**
 * The value of a property that may hold one for all points, or name a column.
 * @param {any} held
 */
const plain = (held) => held != null && typeof held === "object" && "value" in held ? held.value : held

/** @param {any} size "12px", "1.025em" */
function sized(size) {
  const [, number, unit] = /^([\d.]+)(\D+)$/.exec(String(size)) ?? []
  return number ? `${Math.round(Number(number) * SCALE * 1000) / 1000}${unit}` : size
}
