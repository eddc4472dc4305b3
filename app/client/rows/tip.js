// What a quantity is, beside the row over which somebody lingers.
import {h} from "../shared/dom.js"
import {clamp, format} from "./number.js"

const EDGE = 4 // pixels that it keeps from the window's edge and from its row

export class Tip {
  constructor() {
    this.el = h("div", {class: "tip", popover: "manual", role: "tooltip"})
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined
  }

  /**
   * @param {import("./slider_row.js").SliderRow} row
   * @param {Element} over its name: what it is, and what its strip says; or its hint: that alone
   * @param {number} delay ms
   */
  show(row, over, delay) {
    this.stop()
    const named = over === row.label
    if (!(named ? row.spec.doc : row.strip.told.textContent)) {
      this.el.hidePopover?.()
      return
    }
    this.timer = setTimeout(() => {
      if (!row.el.isConnected) return
      const texts = [named ? told(row) : "", row.strip.told.textContent].filter(Boolean)
      this.el.replaceChildren(...texts.map((text) => h("div", {}, text)))
      this.el.showPopover?.()
      this.place(over.getBoundingClientRect())
    }, delay)
  }

  hide() {
    this.stop()
    this.el.hidePopover?.()
  }

  stop() {
    clearTimeout(this.timer)
  }

  /** @param {DOMRect} row */
  place(row) {
    const {width, height} = this.el.getBoundingClientRect()
    const below = row.bottom + height + 2 * EDGE < innerHeight
    this.el.style.left = `${clamp(row.left, EDGE, innerWidth - width - EDGE)}px`
    this.el.style.top = `${below ? row.bottom + EDGE : row.top - height - EDGE}px`
  }
}

/** @param {import("./slider_row.js").SliderRow} row */
function told({spec: {name, doc, unit, default: usual}, scale: {min, max}}) {
  const of = unit ? ` ${unit}` : ""
  const title = name[0].toUpperCase() + name.slice(1)
  return `${title}. ${doc} Slider ${format(min)} to ${format(max)}${of}; default ${format(usual)}${of}.`
}
