// A picture of the potential, as small as a stamp, for both themes.

const WIDTH = 200, HEIGHT = 64, INK = "#2f86b8"

/**
 * @param {{x?: ArrayLike<number>, y?: ArrayLike<number>}} trace
 * @returns {string} a data URL, "" where there is nothing to draw
 */
export function thumbnail({x = [], y = []}) {
  const points = Array.from({length: Math.min(x.length, y.length)}, (_, i) => [x[i], y[i]])
  const known = points.filter(([, v]) => Number.isFinite(v))
  if (known.length < 2) return ""
  const canvas = document.createElement("canvas"), pen = canvas.getContext("2d")
  if (pen == null) return ""
  canvas.width = WIDTH
  canvas.height = HEIGHT
  const [left, right] = [known[0][0], known[known.length - 1][0]]
  const low = known.reduce((least, [, v]) => Math.min(least, v), Infinity)
  const high = known.reduce((most, [, v]) => Math.max(most, v), -Infinity)
  pen.strokeStyle = INK
  pen.lineWidth = 1.5
  pen.beginPath()
  let on = false
  for (const [t, v] of points) {
    const across = 2 + (WIDTH - 4) * (t - left) / (right - left || 1)
    const down = HEIGHT - 3 - (HEIGHT - 6) * (v - low) / (high - low || 1)
    if (!Number.isFinite(v)) on = false
    else if (on) pen.lineTo(across, down)
    else pen.moveTo(across, down), on = true
  }
  pen.stroke()
  return canvas.toDataURL("image/png")
}
