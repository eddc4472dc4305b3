// What a quantity is, what a mark means: beside the sidebar, so that no row is covered.
import {h} from "../shared/dom.js"
import {clamp} from "./number.js"

const EDGE = 4 // pixels that it keeps from the window's edge
const BESIDE = 14 // and from the rows: beyond the sidebar's own edge

export class Tip {
  constructor() {
    this.el = h("div", {class: "tip", popover: "manual", role: "tooltip"})
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined
    /** @type {{over: Element, texts: () => string[]} | null} */
    this.open = null
    this.leave = () => this.hide()
    this.escape = (/** @type {KeyboardEvent} */ event) => {
      if (event.key !== "Escape") return
      event.preventDefault() // it closes this, and leaves nothing else
      this.hide()
    }
  }

  /**
   * @param {Element} over what it explains
   * @param {() => string[]} texts what it says, a line each; none closes it
   * @param {number} delay ms
   */
  show(over, texts, delay) {
    this.stop()
    this.timer = setTimeout(() => {
      if (!over.isConnected) return
      if (this.open == null) {
        addEventListener("scroll", this.leave, {capture: true, passive: true})
        addEventListener("keydown", this.escape, true)
      }
      this.open = {over, texts}
      this.renew()
    }, delay)
  }

  /** Say what is true by now, if it is open. */
  renew() {
    if (this.open == null) return
    const texts = this.open.texts()
    if (!texts.length || !this.open.over.isConnected) return this.hide()
    this.el.replaceChildren(...texts.map((text) => h("div", {}, text)))
    this.el.showPopover?.()
    this.place(this.open.over.getBoundingClientRect())
  }

  hide() {
    this.stop()
    if (this.open == null) return
    this.open = null
    removeEventListener("scroll", this.leave, true)
    removeEventListener("keydown", this.escape, true)
    this.el.hidePopover?.()
  }

  stop() {
    clearTimeout(this.timer)
  }

  /**
   * At the right of all rows; in a window that has no room there, below what it explains or above.
   * @param {DOMRect} over
   */
  place(over) {
    const {width, height} = this.el.getBoundingClientRect()
    const right = (this.el.parentElement?.getBoundingClientRect().right ?? over.right) + BESIDE
    const beside = right + width + EDGE <= innerWidth
    const below = over.bottom + height + 2 * EDGE < innerHeight ? over.bottom + EDGE : over.top - height - EDGE
    this.el.style.left = `${beside ? right : clamp(over.left, EDGE, innerWidth - width - EDGE)}px`
    this.el.style.top = `${beside ? clamp(over.top - EDGE, EDGE, innerHeight - height - EDGE) : below}px`
  }
}
