// What a quantity is, what a mark means: beside the sidebar, so that no row is covered.
import {stand} from "../shared/beside.js"
import {h} from "../shared/dom.js"

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
    const over = this.open.over.getBoundingClientRect()
    stand(this.el, over, this.el.parentElement?.getBoundingClientRect().right ?? over.right)
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
}
