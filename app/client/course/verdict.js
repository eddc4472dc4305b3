// Whether an answer is right, where there is no server to ask: the rules of app/lessons/answers.py and sketches.py.

const FACTOR = 1000 // between a unit and its neighbours

/** @typedef {{right: boolean, words: string, told?: string, curve?: [number, number][]}} Verdict */

/**
 * What is expected, as app/lessons/sealed.py wrote it.
 * @param {string} sealed
 * @returns {any}
 */
export const opened = (sealed) => JSON.parse(new TextDecoder().decode(Uint8Array.from(atob(sealed), byte)))

/** @param {string} one */
const byte = (one) => one.charCodeAt(0)

/**
 * @param {{kind: string, unit: string}} ask
 * @param {any} expected
 * @param {any} answer
 * @returns {Verdict}
 */
export function verdict(ask, expected, answer) {
  const found = check(ask, expected, answer)
  const {told, predicts} = expected ?? {}
  if (!predicts || ask.kind === "sketch") return found
  if (ask.kind !== "number" && ask.kind !== "pattern") return found.right ? found : {...found, told}
  return {...found, told, words: found.right ? found.words : `${found.words} It is ${told}.`}
}

/**
 * @param {{kind: string, unit: string}} ask
 * @param {any} expected
 * @param {any} answer
 * @returns {Verdict}
 */
function check({kind, unit}, expected, answer) {
  switch (kind) {
    case "number":
      return number(expected, unit, answer)
    case "choice":
    case "pattern":
      return one(expected.right.includes(answer))
    case "several":
      return several(expected.right, answer)
    case "sketch":
      return sketch(expected, unit, answer)
    default:
      return {right: true, words: "Kept."}
  }
}

/** @param {boolean} right */
const one = (right) => ({right, words: right ? "Right." : "Not this one."})

/**
 * @param {{value: number, near: number}} expected
 * @param {string} unit
 * @param {number} answer
 */
function number({value, near}, unit, answer) {
  /** @param {number} other */
  const fits = (other) => Math.abs(other - value) <= near
  if (fits(answer)) return {right: true, words: "Right."}
  if (unit && Math.abs(value) > near && (fits(answer * FACTOR) || fits(answer / FACTOR))) {
    return {right: false, words: `The digits are right, the unit is not: the answer is asked for in ${unit}.`}
  }
  if (fits(-answer)) return {right: false, words: "The size is right, the sign is not."}
  return {right: false, words: answer > value ? "Too high." : "Too low."}
}

/**
 * @param {number[]} right
 * @param {number[]} chosen
 */
function several(right, chosen) {
  const missing = right.filter((at) => !chosen.includes(at)).length
  if (chosen.some((at) => !right.includes(at))) return {right: false, words: "One of these is not right."}
  if (missing) return {right: false, words: `${missing} more ${missing === 1 ? "is" : "are"} right.`}
  return {right: true, words: "Right."}
}

/**
 * @param {{time: number[], values: number[], spread: number, curve: [number, number][]}} run
 * @param {string} unit
 * @param {[number, number][]} answer
 * @returns {Verdict}
 */
function sketch({time, values, spread, curve}, unit, answer) {
  const points = [...answer].sort((a, b) => a[0] - b[0])
  if (points.length < 2) return {right: false, words: "Draw the trace into the pad first, from left to right."}
  const [begin] = points[0], [end] = points[points.length - 1]
  const off = time.flatMap((t, k) => t >= begin && t <= end ? [between(points, t) - values[k]] : [])
  const mean = Math.sqrt(off.reduce((sum, one) => sum + one * one, 0) / off.length)
  const covered = (end - begin) / (time[time.length - 1] || 1)
  const part = covered > 0.9 ? "" : ` It covers ${(100 * covered).toFixed(0)} % of the run.`
  const how = mean < 0.06 * spread ? "Close" : mean < 0.15 * spread ? "Near" : "Compare"
  const size = mean >= 100 ? Math.round(mean).toLocaleString("en") : String(Number(mean.toPrecision(2)))
  const words = `${how}: ${size} ${unit} from the run on average.${part}`
  return {right: true, words, curve}
}

/**
 * @param {[number, number][]} points
 * @param {number} t
 */
export function between(points, t) {
  const k = Math.max(1, points.findIndex(([x]) => x >= t))
  const [[x0, y0], [x1, y1]] = [points[k - 1], points[k]]
  return x1 > x0 ? y0 + (y1 - y0) * (t - x0) / (x1 - x0) : y1
}
