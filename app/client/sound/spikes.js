// The spikes that the raster shows: its strokes, or its image where there are too many for strokes.
import {named} from "../shared/seam.js"

export const STROKES = "spark:strokes"
export const IMAGE = "spark:image"

/**
 * @typedef {import("./clicks.js").Spikes & {pixel: number}} Shown `pixel`: ms to which the times are known, 0 for all
 *   their digits
 */

/**
 * @param {any} doc
 * @returns {Shown}
 */
export function spikesShown(doc) {
  const {tags: [units = 1], data: {x, low, high}} = named(doc, STROKES)
  const {data: image} = named(doc, IMAGE)
  if (image.image.length) return pixels(image.image[0], image.x[0], image.dw[0], units)
  return {times: x, rows: Array.from(low, (/** @type {number} */ one, i) => (one + high[i]) / 2), units, pixel: 0}
}

/**
 * @param {ArrayLike<number> & {shape: number[]}} image rows of pixels, the lowest first
 * @param {number} start ms
 * @param {number} width ms
 * @param {number} units
 * @returns {Shown}
 */
export function pixels(image, start, width, units) {
  const [rows, columns] = image.shape
  const pixel = width / columns
  const found = Uint32Array.from(image, (_, i) => i).filter((i) => image[i])
  return {
    times: Array.from(found, (i) => start + (i % columns + 0.5) * pixel),
    rows: Array.from(found, (i) => 1 + Math.floor(i / columns) * (rows > 1 ? (units - 1) / (rows - 1) : 0)),
    units,
    pixel,
  }
}
