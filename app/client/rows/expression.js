// Arithmetic with units as people type it: "281/30", "2*(35 - 0.5)", "33.3 MΩ", "281 pF / 30 nS".
import {GAPS, readings, shifted} from "./decimal.js"
import {alike, PLAIN, unit} from "./units.js"

/**
 * @typedef {import("./units.js").Dimension} Dimension
 * @typedef {{value: number, power: number, of: Dimension}} Measured value times ten to the power, and what it measures
 */

const TOKEN = new RegExp(
  `\\s*(?:((?:\\d|[.,]\\d)(?:[\\d.,]|[${GAPS}](?=\\d))*(?:e[+-]?\\d+)?)|([a-z\u00b5\u03bc\u03a9\u2126\u00b0]+)|(\\S))`,
  "iy",
)
/** @type {[RegExp, string][]} */
const SIGNS = [
  [/[\u2212\u2013\u2010\u2011]/g, "-"],
  [/[\u00d7\u00b7\u22c5]/g, "*"],
  [/[\u00f7\u2215]/g, "/"],
  [/(\d)\s+1\s*\/\s*(?=[a-z\u00b5\u03bc])/gi, "$1/"], // "0.02 1/ms", as the unit stands in the row
]
/** A unit at the end of something that has more than one number: it may be meant for all of it. */
const AT_THE_END = /^(.*[\d.,)])\s*([a-z\u00b5\u03bc\u03a9\u2126\u00b0][^\d()+*-]*)$/i

/** What was typed cannot be read: `message` says why, "" where it is no number at all. */
export class Unreadable extends Error {}

/**
 * What a text says. Where numbers in it can be read in two ways, all of them are read in the same.
 * @param {string} text
 * @param {(found: Measured) => boolean} fits
 * @param {boolean} thousands whether what is ambiguous has thousands, not decimals
 * @returns {{found: Measured, ambiguous: boolean}}
 * @throws {Unreadable}
 */
export function evaluated(text, fits, thousands) {
  const plain = SIGNS.reduce((found, [written, sign]) => found.replace(written, sign), text)
  const [, head, tail] = AT_THE_END.exec(plain) ?? []
  // "1/30 nS" is a thirtieth of a nanosiemens, or the resistance of 30: what fits is meant.
  const ways = head == null ? [plain] : [plain, `(${head})*${tail}`]
  const tried = ways.map((way) => outcome(way, thousands))
  const best = tried.find((one) => "found" in one && fits(one.found)) ?? tried.find((one) => "found" in one) ?? tried[0]
  if ("error" in best) throw best.error
  return best
}

/**
 * @param {string} text
 * @param {boolean} thousands
 * @returns {{found: Measured, ambiguous: boolean} | {error: unknown}}
 */
function outcome(text, thousands) {
  try {
    const reader = new Reader(text, thousands)
    const found = reader.sum()
    reader.end()
    return {found, ambiguous: reader.ambiguous}
  } catch (error) {
    return {error}
  }
}

/** By recursive descent: a sum of products of signed numbers, units and brackets. */
class Reader {
  /**
   * @param {string} text
   * @param {boolean} thousands
   */
  constructor(text, thousands) {
    this.thousands = thousands
    this.ambiguous = false
    const expression = new RegExp(TOKEN)
    /** @type {RegExpExecArray[]} */
    this.tokens = []
    for (let token; (token = expression.exec(text.trimEnd()));) this.tokens.push(token)
  }

  /** @param {string} signs takes the next token if it is one of these */
  sign(signs) {
    const sign = this.tokens[0]?.[3]
    if (sign == null || !signs.includes(sign)) return ""
    this.tokens.shift()
    return sign
  }

  end() {
    if (this.tokens.length) throw new Unreadable()
  }

  /** @returns {Measured} */
  sum() {
    let left = this.product()
    for (let sign; (sign = this.sign("+-"));) {
      const right = this.product()
      if (!alike(left.of, right.of)) throw new Unreadable("adds what is not alike: give each number its unit, or none.")
      const more = shifted(right.value, right.power - left.power)
      left = {...left, value: left.value + (sign === "+" ? more : -more)}
    }
    return left
  }

  /** @returns {Measured} */
  product() {
    let left = this.signed()
    for (let sign; (sign = this.sign("*/"));) {
      const right = this.signed()
      const turn = sign === "*" ? 1 : -1
      left = {
        value: turn > 0 ? left.value * right.value : left.value / right.value,
        power: left.power + turn * right.power,
        of: left.of.map((exponent, i) => exponent + turn * right.of[i]),
      }
    }
    return left
  }

  /** @returns {Measured} */
  signed() {
    const sign = this.sign("+-")
    if (!sign) return this.primary()
    const found = this.signed()
    return sign === "-" ? {...found, value: -found.value} : found
  }

  /** @returns {Measured} */
  primary() {
    if (this.sign("(")) {
      const inner = this.sum()
      if (!this.sign(")")) throw new Unreadable()
      return this.withUnit(inner)
    }
    const [, number, word] = this.tokens[0] ?? []
    if (number != null) {
      this.tokens.shift()
      return this.withUnit({value: this.number(number), power: 0, of: PLAIN})
    }
    if (word == null) throw new Unreadable()
    return this.withUnit({value: 1, power: 0, of: PLAIN})
  }

  /** @param {string} text */
  number(text) {
    const found = readings(text)
    if (!found.length) throw new Unreadable()
    this.ambiguous ||= found.length > 1
    return this.thousands ? found[0] : found[found.length - 1]
  }

  /** @param {Measured} found */
  withUnit(found) {
    const word = this.tokens[0]?.[2]
    if (word == null) return found
    const known = unit(word)
    if (known == null) throw new Unreadable(`has an unknown unit, \u201c${word}\u201d`)
    this.tokens.shift()
    return {
      value: found.value,
      power: found.power + known.power,
      of: found.of.map((exponent, i) => exponent + known.of[i]),
    }
  }
}
