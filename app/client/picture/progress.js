// How far a run of seconds is: its words, a button and Escape that cancel it, and a bar.
import {h, put} from "../shared/dom.js"
import {onKey} from "../shared/keys.js"

export class Progress {
  /** @param {() => void} cancel */
  constructor(cancel) {
    this.running = false
    this.now = h("span", {class: "now"})
    this.button = h("button", {type: "button", class: "cancel", title: "Escape"}, "Cancel")
    this.el = h("div", {class: "run", "aria-live": "off"}, h("span", {class: "spin"}), this.now, this.button)
    this.part = h("div")
    this.bar = h("div", {
      class: "bar",
      role: "progressbar",
      "aria-label": "Simulation",
      "aria-valuemin": "0",
      "aria-valuemax": "100",
    }, this.part)
    const stop = () => {
      if (!this.running || this.button.disabled) return
      this.button.disabled = true
      put(this.now, "Cancelling …")
      cancel()
    }
    this.button.addEventListener("click", stop)
    this.leave = onKey("Escape", "Cancel a long run", () => this.running && stop())
  }

  /** @param {{part: number, words: string} | null} run */
  show(run) {
    this.running = run != null
    if (run == null) {
      this.button.disabled = false
      return
    }
    this.bar.setAttribute("aria-valuenow", String(Math.round(100 * run.part)))
    this.bar.setAttribute("aria-valuetext", run.words)
    this.part.style.transform = `scaleX(${run.part})`
    if (!this.button.disabled) put(this.now, run.words)
  }
}
