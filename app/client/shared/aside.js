// A panel beside the plots: lessons and a mystery stand in the same place, one at a time. Where that is at which width,
// arrangement/page.css says.
import {hostOf} from "./dom.js"

/** A mystery is to be opened: the event's detail is what its link says of it, "" to close it. */
export const MYSTERY = "spark:mystery"
const TAKEN = "spark:aside" // somebody has taken the place

export class Aside {
  /**
   * @param {HTMLElement} el the component's
   * @param {HTMLElement} root the panel, hidden while it is closed
   * @param {string} chip what a phone calls it
   * @param {() => void} close when another takes the place
   */
  constructor(el, root, chip, close) {
    this.el = el
    this.root = root
    this.chip = chip
    /** @param {Event} event */
    this.taken = (event) => {
      if (/** @type {CustomEvent} */ (event).detail !== this && !root.hidden) close()
    }
    document.addEventListener(TAKEN, this.taken)
  }

  /** The component leaves the page. */
  leave() {
    document.removeEventListener(TAKEN, this.taken)
  }

  /** @param {boolean} yes */
  open(yes) {
    if (yes) document.dispatchEvent(new CustomEvent(TAKEN, {detail: this}))
    this.root.hidden = !yes
    const page = hostOf(hostOf(this.el))
    if (yes) page?.setAttribute("data-lesson", this.chip)
    else {
      page?.removeAttribute("data-lesson")
      page?.removeAttribute("data-limited")
    }
    document.dispatchEvent(new CustomEvent("spark:section", {detail: yes ? "lesson" : "values"}))
    dispatchEvent(new Event("resize"))
  }
}
