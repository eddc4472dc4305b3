// Where the pointer is, for everybody in the room.
import {h} from "../shared/dom.js"

const STYLE = "position: fixed; left: 0; top: 0; width: 44px; height: 44px; margin: -22px; box-sizing: border-box; " +
  "border: 4px solid #e69f00; border-radius: 50%; box-shadow: 0 0 0 1.5px #222, inset 0 0 0 1.5px #222; " +
  "pointer-events: none; z-index: 3000; visibility: hidden"

export class Ring {
  constructor() {
    this.el = h("div", {"data-ring": "", "aria-hidden": "true", style: STYLE})
    this.move = (/** @type {PointerEvent} */ {clientX, clientY}) => {
      this.el.style.visibility = "visible"
      this.el.style.translate = `${clientX}px ${clientY}px`
    }
    this.away = () => {
      this.el.style.visibility = "hidden"
    }
  }

  /** @param {boolean} yes */
  show(yes) {
    const change = yes ? "addEventListener" : "removeEventListener"
    globalThis[change]("pointermove", /** @type {EventListener} */ (this.move), {capture: true})
    document.documentElement[change]("pointerleave", this.away)
    if (yes) document.body.append(this.el)
    else this.el.remove()
    this.away()
  }
}
