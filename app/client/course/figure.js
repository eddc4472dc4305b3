// The live figure of a step: a live page without its own heading and address.
import {spark} from "../shared/spark.js"
import {Page} from "../standalone/standalone.js"

export class Figure extends Page {
  /**
   * @param {import("../standalone/values.js").Content} content
   * @param {Object<string, () => any>} sources
   * @param {() => void} rested called when the hand rests, and the run is there
   */
  constructor(content, sources, rested) {
    super(content, sources)
    this.rested = rested
    this.el.querySelector("h1")?.remove()
    this.choice.remove()
    this.link.remove()
    const {picture} = this
    /** @type {[import("../standalone/plot.js").Plot, string][]} */
    const marks = [
      [picture.potential, "potential threshold spikes"],
      [picture.current, "current"],
      [picture.raster, "raster"],
    ]
    for (const {plot} of picture.others.slice(0, 1)) marks.push([plot, "adaptation"])
    for (const [plot, curves] of marks) plot.el.dataset.curve = curves
    if (picture.plane) picture.plane.el.dataset.view = "phase"
    if (picture.fi) picture.fi.el.dataset.view = "fi"
  }

  /** @override */
  begin() {
    this.follow = () => this.shade(this.scheme.matches)
    this.scheme.addEventListener("change", this.follow)
    this.shade(this.dark, false)
  }

  /** The address is the lesson's. @override */
  settle() {
    this.rested()
  }

  leave() {
    if (this.follow) this.scheme.removeEventListener("change", this.follow)
    for (const what of ["run", "curve"]) this.runner.forget(what)
    this.runner.worker?.terminate()
    for (const address of ["equations", "rows 0", "rows 1"]) spark.inboxes.delete(address)
    this.el.remove()
  }
}
