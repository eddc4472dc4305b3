// What stands around the lines of a plot: round numbers, and names.

/**
 * Round numbers from low to high, about so many.
 * @param {number} low
 * @param {number} high
 * @param {number} count
 */
export function ticks(low, high, count) {
  const raw = (high - low) / Math.max(1, count), decade = 10 ** Math.floor(Math.log10(raw))
  const step = [1, 2, 5, 10].map((m) => m * decade).find((one) => one >= raw * (1 - 1e-9)) ?? raw
  const found = []
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + 1e-9 * step; k++) found.push(k * step)
  return {step, found}
}

/** The least and the most of them. @param {ArrayLike<number>} values */
export function span(values) {
  let low = Infinity, high = -Infinity
  for (let k = 0; k < values.length; k++) {
    if (values[k] < low) low = values[k]
    if (values[k] > high) high = values[k]
  }
  return [low, high]
}

/** A number of an axis. @param {number} value @param {number} step between two */
export function told(value, step) {
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9))
  return (Math.abs(value) < step / 1e6 ? 0 : value).toFixed(Math.min(digits, 6)).replace("-", "−")
}

/**
 * The names of the lines that have one, from the right.
 * @param {CanvasRenderingContext2D} ctx
 * @param {import("./plot.js").Line[]} lines
 * @param {{text: string, back: string}} colours
 * @param {{left: number, right: number, top: number}} place
 */
export function legend(ctx, lines, colours, {left, right, top: first}) {
  ctx.textAlign = "right"
  ctx.textBaseline = "top"
  let end = right - 4, top = first + 2
  for (const {name, colour, dash = [], points} of lines.filter((one) => one.name).reverse()) {
    const text = String(name), wide = ctx.measureText(text).width
    if (end < right - 4 && end - wide - 26 < left) [end, top] = [right - 4, top + 18]
    ctx.fillStyle = colours.back
    ctx.globalAlpha = 0.85
    ctx.fillRect(end - wide - 26, top, wide + 28, 16)
    ctx.globalAlpha = 1
    ctx.fillStyle = colours.text
    ctx.fillText(text, end, top + 2)
    ctx.strokeStyle = colour
    ctx.lineWidth = 2
    ctx.setLineDash(points ? [2, 4] : dash)
    ctx.beginPath()
    ctx.moveTo(end - wide - 24, top + 8)
    ctx.lineTo(end - wide - 6, top + 8)
    ctx.stroke()
    ctx.setLineDash([])
    end -= wide + 34
  }
}
