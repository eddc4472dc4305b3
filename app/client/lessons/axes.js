// The axes on which potentials are sketched, and shown.
const SVG = "http://www.w3.org/2000/svg"
export const LEFT = 38
export const BOTTOM = 24
export const TOP = 20
export const RIGHT = 20

/**
 * @param {string} name
 * @param {Object<string, any>} attributes
 * @param {...(Node | string)} children
 */
export function s(name, attributes = {}, ...children) {
  const made = document.createElementNS(SVG, name)
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value))
  made.append(...children)
  return made
}

/** @typedef {{time: [number, number], range: [number, number]}} Frame */

export class Axes {
  /**
   * @param {Frame} frame
   * @param {string} unit
   * @param {number} width
   * @param {number} height
   */
  constructor({time, range}, unit, width, height) {
    this.time = time
    this.range = range
    this.unit = unit
    this.width = width
    this.height = height
  }

  axes() {
    const {width, height} = this, parts = []
    for (const value of ticks(this.range)) {
      const y = this.y(value)
      parts.push(s("line", {class: "grid", x1: LEFT, x2: width - RIGHT, y1: y, y2: y}))
      parts.push(s("text", {x: LEFT - 5, y: y + 4, "text-anchor": "end"}, format(value)))
    }
    for (const value of ticks(this.time)) {
      parts.push(s("text", {x: this.x(value), y: height - 8, "text-anchor": "middle"}, format(value)))
    }
    parts.push(s("text", {x: width - 4, y: height - BOTTOM - 4, "text-anchor": "end"}, "ms"))
    parts.push(s("text", {x: 4, y: 12}, this.unit))
    return parts
  }

  /** @param {number} time */
  x(time) {
    return LEFT + (time - this.time[0]) / (this.time[1] - this.time[0]) * (this.width - LEFT - RIGHT)
  }

  /** @param {number} value */
  y(value) {
    return TOP + (this.range[1] - value) / (this.range[1] - this.range[0]) * (this.height - TOP - BOTTOM)
  }

  /** @param {[number, number][]} points */
  path(points) {
    const clip = (/** @type {number} */ y) => Math.max(0, Math.min(this.height, y))
    return points.map(([t, v], i) => `${i ? "L" : "M"}${this.x(t).toFixed(1)},${clip(this.y(v)).toFixed(1)}`).join("")
  }
}

/** @param {[number, number]} range */
function ticks([low, high]) {
  const rough = (high - low) / 4, power = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 5, 10].map((one) => one * power).find((one) => one >= rough) ?? rough
  const first = Math.ceil(low / step) * step
  return Array.from({length: Math.floor((high - first) / step + 1e-9) + 1}, (_, i) => first + i * step)
}

/** @param {number} value */
const format = (value) => String(Math.round(value * 1000) / 1000).replace("-", "−")
