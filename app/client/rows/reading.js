// What a text in the box of a row means: a value in the row's unit, a question, or a sentence that says what is wrong.
import {shifted} from "./decimal.js"
import {evaluated, Unreadable} from "./expression.js"
import {format} from "./number.js"
import {alike, kind, PLAIN, wanted} from "./units.js"

/**
 * @typedef {{unit?: string, integer?: boolean, default: number}} Asked what a row says of its numbers
 * @typedef {{question: string, answers: {label: string, value: number}[]}} Question
 * @typedef {{value: number} | {wrong: string} | Question} Read
 */

const SHOWN = 40 // characters of a text that are repeated
const LONGEST = 200 // characters that are read

/**
 * @param {string} text
 * @param {Asked} spec
 * @returns {Read}
 */
export function read(text, spec) {
  const quoted = `\u201c${text.trim().slice(0, SHOWN)}\u201d`
  try {
    if (!/\d/.test(text) || text.length > LONGEST) throw new Unreadable()
    const [thousands, decimals] = [true, false].map((way) => measured(text, spec, quoted, way))
    if (!thousands.ambiguous || spec.integer) return {value: whole(thousands.value, spec)} // a whole number has no decimals
    const {unit} = spec
    const answers = [thousands, decimals].map(({value}) => ({label: `${format(value)} ${unit ?? ""}`.trim(), value}))
    return {question: `${quoted} can be read in two ways. Which is meant?`, answers}
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error
    return {wrong: error.message || mistake(text, quoted, spec)}
  }
}

/**
 * The value in the row's unit.
 * @param {string} text
 * @param {Asked} spec
 * @param {string} quoted
 * @param {boolean} thousands
 */
function measured(text, spec, quoted, thousands) {
  const unit = spec.unit ?? ""
  const own = unit === "" ? {power: 0, of: PLAIN} : evaluated(unit, () => true, true).found
  let one
  try {
    one = evaluated(text, ({of}) => alike(of, own.of), thousands)
  } catch (error) {
    if (!(error instanceof Unreadable) || error.message === "") throw error
    throw new Unreadable(`${quoted} ${error.message}${error.message.endsWith(".") ? "" : `; ${wanted(unit, own)}.`}`)
  }
  const {found, ambiguous} = one
  const plain = alike(found.of, PLAIN)
  if (!plain && !alike(found.of, own.of)) {
    const what = kind(found.of)
    throw new Unreadable(`${quoted} ${what ? `is ${what}` : "has another unit"}; ${wanted(unit, own)}.`)
  }
  const value = shifted(found.value, found.power - (plain ? 0 : own.power))
  if (!Number.isFinite(value)) throw new Unreadable()
  return {value, ambiguous}
}

/**
 * @param {number} value
 * @param {Asked} spec
 */
function whole(value, {integer}) {
  if (integer && !Number.isInteger(value)) throw new Unreadable()
  return value
}

/**
 * @param {string} text
 * @param {string} quoted
 * @param {Asked} spec
 */
function mistake(text, quoted, {unit, integer, default: usual}) {
  const kind = integer ? "whole number" : "number"
  const wrong = text.trim() ? `${quoted} is not a ${kind}` : `A ${kind} is missing`
  return `${wrong}. Type for example ${format(usual)}${unit ? ` (in ${unit})` : ""}.`
}
