// What is told of a student's run, in words; `app/classroom/wall.py` says what there is.
import {h, subscripted} from "../shared/dom.js"

/**
 * @typedef {object} Told
 * @property {string} id
 * @property {string} [name]
 * @property {number} [joined]
 * @property {boolean} [following]
 * @property {string} title
 * @property {string[]} changed
 * @property {string} pattern
 * @property {number | null} rate
 * @property {number | null} first
 * @property {number | null} count
 * @property {number | null} likeness
 * @property {string | null} refused
 * @property {boolean} waiting
 * @property {number | null} offset
 */

/** @param {number} value one digit after the point where there is one before it */
const few = (value) => value.toFixed(Math.abs(value) < 9.95 ? 1 : 0).replace("-", "−")

/** @param {number | null} rate */
export const hertz = (rate) => rate == null ? "" : `${rate === 0 ? 0 : few(rate)} Hz`

/** @param {Told} tile */
export const first = ({first}) => first == null ? "" : `first spike after ${few(first)} ms`

/** @param {Told} tile */
export const spikes = ({count}) => count == null ? "" : count === 1 ? "1 spike" : `${count} spikes`

/** The pattern without its number. @param {Told} tile */
export const kind = ({pattern, refused, waiting, offset}) =>
  refused ? "cannot be run" : waiting ? "computing" : offset == null ? "nothing yet" : pattern.split(",")[0]

/** Why there is no trace. @param {Told} tile */
export const why = ({refused, waiting, offset}) =>
  refused ?? (waiting ? "Computing…" : offset == null ? "Nothing to show yet." : "")

/**
 * Everything of a tile, for who cannot see it.
 * @param {Told} tile
 * @param {string} name
 */
export function spoken(tile, name) {
  const run = why(tile) || [tile.pattern, hertz(tile.rate), first(tile)].filter(Boolean).join(", ")
  const how = [tile.following ? "follows" : "", tile.changed.length ? `changed: ${tile.changed.join(", ")}` : ""]
  return [`${name}: ${run}`, ...how.filter(Boolean)].join("; ")
}

/**
 * Words with symbols in them, "τ_m 10 → 5 ms".
 * @param {string} words
 * @returns {(Node | string)[]}
 */
export const symbols = (words) =>
  words.split(/(\S+_\S+)/).flatMap((part, at) => at % 2 ? h("span", {class: "symbol"}, ...subscripted(part)) : part)
