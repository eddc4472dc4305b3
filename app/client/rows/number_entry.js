// The box of a slider's row, in which a number is typed.
import {h} from "../shared/dom.js"
import {format, rounded} from "./number.js"
import {read} from "./reading.js"

export class NumberEntry {
  /**
   * @param {import("./slider_row.js").SliderSpec} spec
   * @param {string} id of its row
   * @param {string} spoken its row's name
   * @param {object} on what follows
   * @param {(value: number) => void} on.value a number was typed
   * @param {(text: string) => void} on.wrong something else was typed: a sentence that says so ("" if it is mended)
   * @param {(asked: import("./reading.js").Question) => void} on.ask what was typed can be read in two ways
   * @param {(event: KeyboardEvent) => void} on.key another key
   */
  constructor(spec, id, spoken, on) {
    this.spec = spec
    this.on = on
    this.value = spec.value
    this.asked = "" // the text about which is asked
    this.el = h("input", {
      type: "text",
      inputmode: spec.integer ? "numeric" : "text", // units, fractions and a minus are not on a pad of decimals
      id: `${id}-n`,
      class: "box",
      spellcheck: "false",
      autocomplete: "off",
      "aria-label": `${spoken}, typed`,
      "aria-describedby": `${id}-e`,
    })
    this.el.addEventListener("keydown", (event) => {
      this.el.toggleAttribute("data-rests", !this.givesUp) // nothing is being typed: keys with Ctrl are the page's
      if (event.key === "Enter") {
        this.typed()
      } else if (event.key === "Escape") {
        if (this.givesUp) event.preventDefault() // and nothing else of the page is left by the same key
        this.leave()
      } else if (!/Arrow(Left|Right)|Home|End/.test(event.key)) { // these move in the text
        on.key(event)
      }
    })
    this.el.addEventListener("change", () => this.typed())
    this.el.addEventListener("focus", () => this.el.select())
  }

  /** @param {number} value */
  show(value) {
    this.value = value
    this.asked = ""
    this.el.value = format(value)
  }

  /** @param {boolean} wrong */
  mark(wrong) {
    this.el.setAttribute("aria-invalid", String(wrong))
  }

  /** Whether something is typed that is not the value. */
  get givesUp() {
    return this.el.value !== format(this.value) || this.el.getAttribute("aria-invalid") === "true"
  }

  /** What is typed is given up: the value stands there again. */
  restore() {
    this.show(this.value)
  }

  /** The same, with what was said of it. */
  leave() {
    this.on.wrong("")
    this.restore()
  }

  typed() {
    const text = this.el.value
    if (text !== "" && text === this.asked) return // Enter, and then the change that it makes
    this.asked = ""
    const found = read(text, this.spec)
    if ("wrong" in found) {
      this.on.wrong(found.wrong)
    } else if ("question" in found) {
      this.asked = text
      this.on.ask(found)
    } else {
      this.take(found.value)
    }
  }

  /** @param {number} value */
  take(value) {
    if (value === rounded(this.value)) { // what is shown has fewer digits than what is set
      this.leave()
    } else {
      this.on.value(value) // the server knows the bounds, and answers with an error if need be
    }
  }
}
