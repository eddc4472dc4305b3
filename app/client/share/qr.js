// The link for a room: a camera reads it from the projector.

const SVG = "http://www.w3.org/2000/svg"
const QUIET = 4 // modules of white around it, which a reader needs

/**
 * @param {string[]} rows of "0" and "1"
 * @returns {SVGSVGElement}
 */
export function picture(rows) {
  const svg = document.createElementNS(SVG, "svg"), path = document.createElementNS(SVG, "path")
  const size = rows.length + 2 * QUIET
  svg.setAttribute("viewBox", `0 0 ${size} ${size}`)
  svg.setAttribute("role", "img")
  svg.setAttribute("aria-label", "QR code of the link")
  svg.setAttribute("shape-rendering", "crispEdges")
  const dark = rows.flatMap((row, y) =>
    [...row].flatMap((one, x) => one === "1" ? [`M${x + QUIET} ${y + QUIET}h1v1h-1z`] : [])
  )
  path.setAttribute("d", dark.join(""))
  svg.append(path)
  return svg
}
