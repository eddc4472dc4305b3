// A spike train as a small picture.

const WIDTH = 96, HEIGHT = 20, TOP = 3, BOTTOM = 16
const SVG = "http://www.w3.org/2000/svg"

/**
 * @param {[spikes: number[], length: number]} train spike times and length of the run, ms
 */
export function picture([spikes, length]) {
  const svg = document.createElementNS(SVG, "svg")
  for (const [name, value] of Object.entries({class: "train", width: WIDTH, height: HEIGHT, "aria-hidden": "true"})) {
    svg.setAttribute(name, String(value))
  }
  const strokes = spikes.map((time) => `M${(WIDTH * time / length).toFixed(1)} ${TOP}V${BOTTOM}`)
  svg.append(path("spikes", strokes.join("")), path("line", `M0 ${BOTTOM + .5}H${WIDTH}`))
  return svg
}

/**
 * @param {string} kind
 * @param {string} d
 */
function path(kind, d) {
  const made = document.createElementNS(SVG, "path")
  made.setAttribute("class", kind)
  made.setAttribute("d", d)
  return made
}
