// A number as people write it: a comma or a point before the decimals, blanks, commas or points between thousands.

/** What stands between digits besides: blanks (thin and no-break ones too) and apostrophes between thousands. */
export const GAPS = " \u00a0\u2007\u2009\u202f'\u2019"

const EXPONENT = /e[+-]?\d+$/i
const PLAIN = /^(\d+\.?\d*|\.\d+)$/
const DECIMAL_COMMA = /^(\d+,\d*|,\d+)$/
const BY_GAPS = new RegExp(`^[1-9]\\d{0,2}([${GAPS}]\\d{3})+([.,]\\d*)?$`)
const BY_COMMAS = /^[1-9]\d{0,2}(,\d{3})+(\.\d*)?$/
const BY_POINTS = /^[1-9]\d{0,2}((\.\d{3}){2,}|(\.\d{3})+,\d*)$/ // one point alone is a decimal one

/**
 * What an unsigned number may mean: nothing, one number, or two ("1,500": with thousands first, then with decimals).
 * @param {string} text
 * @returns {number[]}
 */
export function readings(text) {
  const exponent = EXPONENT.exec(text)?.[0] ?? ""
  const body = text.slice(0, text.length - exponent.length)
  const plain = []
  if (PLAIN.test(body)) plain.push(body)
  if (BY_GAPS.test(body)) plain.push(body.replace(new RegExp(`[${GAPS}]`, "g"), "").replace(",", "."))
  if (BY_COMMAS.test(body)) plain.push(body.replaceAll(",", ""))
  if (BY_POINTS.test(body)) plain.push(body.replaceAll(".", "").replace(",", "."))
  if (DECIMAL_COMMA.test(body)) plain.push(body.replace(",", "."))
  return plain.map((one) => Number(one + exponent))
}

/**
 * A number times a power of ten, as if it had been written so: 33.3 and -3 are 0.0333, without a digit more.
 * @param {number} value
 * @param {number} power
 */
export function shifted(value, power) {
  const [digits, own = "0"] = String(value).split("e")
  return Number(`${digits}e${Number(own) + power}`)
}
