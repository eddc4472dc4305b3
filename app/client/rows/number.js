// Numbers as people read them.

/** @param {number} value */
const digits = (value) => (Math.abs(value) < 1 ? 4 : 5)

/**
 * @param {number} value
 * @param {number} low
 * @param {number} high
 */
export const clamp = (value, low, high) => Math.min(high, Math.max(low, value))

/**
 * What is left of a value that is shown.
 * @param {number} value
 */
export const rounded = (value) => Number(value.toPrecision(digits(value)))

/**
 * @param {number} value
 * @returns {string}
 */
export function format(value) {
  if (value === 0) return "0"
  const size = Math.abs(value)
  const plain = size < 1e6 && size >= 1e-4
  const text = plain ? String(rounded(value)) : value.toExponential(3).replace(/\.?0+e/, "e")
  return text.replace("-", "\u2212")
}
