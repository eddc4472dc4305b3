// A trace as what a path draws: a line along the lowest of each column, and from there strokes to the highest where that
// stands out of both neighbours, as a spike does: a slope would get teeth. Joined elsewhere, spikes in neighbouring columns
// would be one plateau.

export const TALL = 400 // of the picture that a trace is drawn in, whatever its size on the screen
const FAR = 40 // how far beyond its edges something may be drawn

/**
 * @param {Float32Array} numbers the lowest of each column, then the highest; not a number after the end
 * @param {{low: number, high: number, wide: number}} axes potentials at the bottom and at the top, and the picture's width
 * @returns {string} the `d` of a path
 */
export function path(numbers, {low, high, wide}) {
  const columns = numbers.length / 2, across = wide / columns, scale = TALL / (high - low)
  const y = (/** @type {number} */ v) => Math.round(Math.min(Math.max((high - v) * scale, -FAR), TALL + FAR))
  const besides = (/** @type {number} */ k) =>
    k < 0 || k >= columns || Number.isNaN(numbers[k]) ? Infinity : y(numbers[k])
  let d = ""
  for (let k = 0; k < columns && !Number.isNaN(numbers[k]); k++) {
    const bottom = y(numbers[k]), top = y(numbers[columns + k])
    d += `${k ? "L" : "M"}${Math.round(100 * (k + 0.5) * across) / 100} ${bottom}`
    if (top < Math.min(bottom, besides(k - 1), besides(k + 1))) d += `V${top}V${bottom}`
  }
  return d
}

/**
 * A picture that is as wide as `wide` says, and stretched to the size that it gets.
 * @param {number} wide
 * @param {...SVGElement} inside
 */
export function picture(wide, ...inside) {
  const made = svg("svg", {viewBox: `0 0 ${wide} ${TALL}`, preserveAspectRatio: "none", "aria-hidden": "true"})
  made.append(...inside)
  return made
}

/**
 * @template {keyof SVGElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Object<string, string>} attributes
 * @returns {SVGElementTagNameMap[Tag]}
 */
export function svg(tag, attributes = {}) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag)
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value)
  return made
}

/** @param {string} kind */
export const line = (kind) => svg("path", {class: kind, "vector-effect": "non-scaling-stroke"})

/**
 * @param {Element} element
 * @param {string} name
 * @param {string} value
 */
export function set(element, name, value) {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value)
}
