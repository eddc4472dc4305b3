// The units of the rows' quantities with their prefixes, and what is said of one that does not fit.

/**
 * @typedef {number[]} Dimension exponents of volt, ampere, second and degree
 * @typedef {{power: number, of: Dimension}} Unit a power of ten of the SI's own, and what it measures
 * @typedef {{kind: string, of: Dimension, prefixes: string}} Base
 */

/** @type {Object<string, number>} */
const PREFIXES = {p: -12, n: -9, "\u00b5": -6, m: -3, k: 3, M: 6, G: 9}

/** @type {Dimension} */
export const PLAIN = [0, 0, 0, 0]

/** @type {Object<string, Base>} with the prefixes that membranes have use for: nobody means a milliohm */
const BASES = {
  V: {kind: "a potential", of: [1, 0, 0, 0], prefixes: "\u00b5m"},
  A: {kind: "a current", of: [0, 1, 0, 0], prefixes: "pn\u00b5m"},
  "\u03a9": {kind: "a resistance", of: [1, -1, 0, 0], prefixes: "kMG"},
  S: {kind: "a conductance", of: [-1, 1, 0, 0], prefixes: "pn\u00b5m"},
  F: {kind: "a capacitance", of: [-1, 1, 1, 0], prefixes: "pn\u00b5m"},
  s: {kind: "a time", of: [0, 0, 1, 0], prefixes: "n\u00b5m"},
  Hz: {kind: "a frequency", of: [0, 0, -1, 0], prefixes: "k"},
  "\u00b0": {kind: "an angle", of: [0, 0, 0, 1], prefixes: ""},
}

/** @type {[RegExp, string][]} other ways to write them */
const SPELLINGS = [
  [/^[\u03bcu]/, "\u00b5"],
  [/(\u2126|ohms?)$/i, "\u03a9"],
  [/hz$/i, "Hz"],
  [/sec$/, "s"],
  [/^deg$/, "\u00b0"],
]

/** @type {Map<string, Unit>} by what is written */
const UNITS = new Map()
for (const [base, {of, prefixes}] of Object.entries(BASES)) {
  UNITS.set(base, {power: 0, of})
  for (const prefix of prefixes) UNITS.set(prefix + base, {power: PREFIXES[prefix], of})
}

/**
 * The unit that is written so.
 * @param {string} text
 */
export function unit(text) {
  const usual = SPELLINGS.reduce((word, [other, own]) => word.replace(other, own), text)
  return UNITS.get(usual)
}

/**
 * @param {Dimension} one
 * @param {Dimension} other
 */
export const alike = (one, other) => one.every((exponent, i) => exponent === other[i])

/**
 * What kind of quantity it is: "a current"; "" where there is no word.
 * @param {Dimension} of
 */
export const kind = (of) => Object.values(BASES).find((base) => alike(base.of, of))?.kind ?? ""

/**
 * What may be written in a row: "this is a current: pA, nA, µA", its own unit first, then the nearest.
 * @param {string} own
 * @param {Unit} measure of it
 */
export function wanted(own, {power, of}) {
  if (own === "") return "this is a number without a unit"
  const words = kind(of)
  if (words === "") return `this is in ${own}`
  const others = [...UNITS].filter(([name, one]) => name !== own && alike(one.of, of))
  const nearest = others.sort(([, one], [, other]) => Math.abs(one.power - power) - Math.abs(other.power - power))
  return `this is ${words}: ${[own, ...nearest.slice(0, 2).map(([name]) => name)].join(", ")}`
}
