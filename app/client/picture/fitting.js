// Figures as large as their place. Since Bokeh 3.10 one that was resized by its neighbours alone (an edge that is dragged, a panel
// that opens) is measured, and not laid out: whoever holds it, and has not changed, has taken the news.
import {elementOf, figures, gone} from "../shared/seam.js"
import {fit} from "../shared/seam_layout.js"

export class Fitting {
  /** @param {any} doc */
  constructor(doc) {
    this.doc = doc
    this.frame = 0
    /** @type {WeakSet<Element>} */
    this.known = new WeakSet()
    this.observer = new ResizeObserver(() => this.soon())
  }

  /** Also those that have come since, with a view that was opened. */
  renew() {
    for (const figure of figures(this.doc)) {
      const el = elementOf(figure)
      if (this.known.has(el)) continue
      this.known.add(el)
      this.observer.observe(el)
    }
  }

  /** After Bokeh has had its turn. */
  soon() {
    cancelAnimationFrame(this.frame)
    this.frame = requestAnimationFrame(() => {
      for (const figure of figures(this.doc)) if (!gone(figure)) fit(figure)
    })
  }

  stop() {
    cancelAnimationFrame(this.frame)
    this.observer.disconnect()
  }
}
