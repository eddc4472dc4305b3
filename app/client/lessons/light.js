// Words of a lesson that light up what they speak of: a control, a curve, a view.
import {deep} from "../shared/dom.js"
import {draws, elementOf, figures} from "../shared/seam.js"
import {frame} from "./frame.js"

/** @type {Object<string, string[]>} sources of the figures in which a curve is drawn */
const CURVES = {
  potential: ["spark:v0"],
  threshold: ["spark:threshold"],
  adaptation: ["spark:second"],
  current: ["spark:current"],
  spikes: ["spark:spikes"],
  raster: ["spark:raster", "spark:strokes", "spark:marks"],
}

/**
 * @param {any} doc
 * @param {string} target "control:stimulus.0.amplitude"
 * @param {boolean} press whether to bring it into view, and open a view
 */
export function light(doc, target, press) {
  const [kind, name] = target.split(":")
  const found = kind === "control"
    ? row(name)
    : kind === "view"
    ? deep(`[data-view="${name}"]`)
    : deep(`[data-curve~="${name}"]`) ?? figure(doc, name)
  if (!(found instanceof HTMLElement)) return
  if (press) {
    if (kind === "control") document.dispatchEvent(new CustomEvent("spark:section", {detail: "values"}))
    found.scrollIntoView?.({block: "nearest"})
    if (kind === "view" && found.getAttribute("aria-pressed") === "false") found.click()
    if (kind === "control") {
      const slider = found.querySelector("input")
      slider?.focus({preventScroll: true})
    }
  }
  frame(found, kind === "curve")
}

/** @param {string} name */
const row = (name) => deep(`.row[data-key="${name}"]`)

/** @param {any} doc @param {string} name */
function figure(doc, name) {
  if (doc == null) return null // a page without Bokeh marks its plots itself
  const sources = CURVES[name] ?? []
  const found = figures(doc).find((one) => draws(one, (of) => of != null && sources.includes(of)))
  return found ? elementOf(found) : null
}
