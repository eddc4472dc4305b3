// In which order tiles stand, which of them are shown, and what their students are called.
import {kind} from "./told.js"

/** @typedef {import("./told.js").Told} Told */

export const SORTS = {
  joined: "time of joining",
  name: "name",
  rate: "rate",
  first: "first spike",
  pattern: "pattern",
  likeness: "likeness to yours",
}
const NAMES = new Intl.Collator(undefined, {numeric: true, sensitivity: "base"})

/** Names that tell nobody's: a number for each, in the order of what the server calls them, which is drawn at random. */
export class Names {
  constructor() {
    this.anonymous = false
    /** @type {Map<string, number>} */
    this.numbers = new Map()
  }

  /** Whoever has a number keeps it. @param {Told[]} tiles */
  meet(tiles) {
    const unknown = tiles.map(({id}) => id).filter((id) => !this.numbers.has(id)).sort()
    for (const id of unknown) this.numbers.set(id, this.numbers.size + 1)
  }

  /** @param {Told} tile */
  of({id, name}) {
    return this.anonymous || !name ? `Student ${this.numbers.get(id)}` : name
  }
}

/**
 * @param {Told[]} tiles
 * @param {string} by
 * @param {Names} names
 */
export function sorted(tiles, by, names) {
  const called = (/** @type {Told} */ one, /** @type {Told} */ other) => NAMES.compare(names.of(one), names.of(other))
  const number = (/** @type {(tile: Told) => number | null | undefined} */ of, sign = 1) =>
  (
    /** @type {Told} */ one,
    /** @type {Told} */ other,
  ) => {
    const [a, b] = [of(one), of(other)]
    return a == null || b == null ? Number(a == null) - Number(b == null) : sign * (a - b)
  }
  const compare = {
    joined: number(({joined}) => joined),
    name: called,
    rate: number(({rate}) => rate, -1),
    first: number(({first}) => first),
    pattern: (/** @type {Told} */ one, /** @type {Told} */ other) => NAMES.compare(kind(one), kind(other)),
    likeness: number(({likeness}) => likeness, -1),
  }[by]
  return [...tiles].sort((one, other) => compare?.(one, other) || called(one, other))
}

/**
 * @typedef {object} Filter
 * @property {string} text in a name as it is shown, or in changed values
 * @property {string} pattern "" for all
 * @property {boolean} own without those who follow
 * @property {boolean} changed with changed values alone
 */

/**
 * @param {Told[]} tiles
 * @param {Filter} filter
 * @param {Names} names
 */
export function filtered(tiles, {text, pattern, own, changed}, names) {
  const sought = text.trim().toLowerCase()
  return tiles.filter((tile) =>
    (!own || !tile.following) && (!changed || tile.changed.length > 0) && (!pattern || kind(tile) === pattern) &&
    (!sought || [names.of(tile), ...tile.changed].some((words) => words.toLowerCase().includes(sought)))
  )
}

/** How many have which pattern, the most frequent first. @param {Told[]} tiles @returns {[string, number][]} */
export function counted(tiles) {
  /** @type {Map<string, number>} */
  const found = new Map()
  for (const tile of tiles) found.set(kind(tile), (found.get(kind(tile)) ?? 0) + 1)
  return [...found].sort((one, other) => other[1] - one[1] || NAMES.compare(one[0], other[0]))
}
