// The layout of Bokeh's figures, of which its documentation says nothing; as in seam.js, and seen in the same releases.
import {elementOf} from "./seam.js"

const SLACK = 1 // pixel

/**
 * Lay a figure out for the size that it has, with all that stand in the same layout, where it was laid out for another one.
 * @param {any} figure
 * @reaches Figure.outer_width
 * @reaches Figure.outer_height
 * @reaches FigureView.compute_layout
 */
export function fit(figure) {
  const {clientWidth, clientHeight} = elementOf(figure), {outer_width: width, outer_height: height} = figure.model
  if (!width || clientWidth === 0 || clientHeight === 0) return
  const off = Math.max(Math.abs(clientWidth - width), Math.abs(clientHeight - height))
  if (off > SLACK) figure.compute_layout()
}
