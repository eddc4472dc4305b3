// What a screen reader is told: one polite sentence after the hand has let go, not one with every picture.
import {h, put} from "../shared/dom.js"

const REST = 700 // ms without a change until it is said; keys that repeat are closer together

export class Announcement {
  /** @param {() => string} words what there is to say */
  constructor(words) {
    this.words = words
    this.el = h("div", {role: "status", class: "announcement vh"})
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined
    this.held = false // a pointer is down: the hand may be on a slider
    this.waiting = false
    this.press = () => {
      this.held = true
    }
    this.release = () => {
      this.held = false
      if (this.waiting) this.soon()
    }
    addEventListener("pointerdown", this.press, true)
    for (const end of ["pointerup", "pointercancel", "blur"]) addEventListener(end, this.release, true)
  }

  leave() {
    clearTimeout(this.timer)
    removeEventListener("pointerdown", this.press, true)
    for (const end of ["pointerup", "pointercancel", "blur"]) removeEventListener(end, this.release, true)
  }

  /** Something has changed: say it once nothing more does. */
  soon() {
    this.waiting = true
    clearTimeout(this.timer)
    if (!this.held) this.timer = setTimeout(() => this.tell(), REST)
  }

  tell() {
    this.waiting = false
    put(this.el, this.words())
  }
}
