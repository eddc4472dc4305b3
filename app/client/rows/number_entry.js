// The box of a slider's row, in which a number is typed.
import {h} from "../shared/dom.js"
import {format, parse, rounded} from "./number.js"

export class NumberEntry {
  /**
   * @param {import("./slider_row.js").SliderSpec} spec
   * @param {string} id of its row
   * @param {string} spoken its row's name
   * @param {object} on what follows
   * @param {(value: number) => void} on.value a number was typed
   * @param {(text: string) => void} on.wrong something else was typed: a sentence that says so ("" if it is mended)
   * @param {(event: KeyboardEvent) => void} on.key another key
   */
  constructor(spec, id, spoken, on) {
    this.spec = spec
    this.on = on
    this.value = spec.value
    this.el = h("input", {
      type: "text",
      inputmode: "decimal",
      id: `${id}-n`,
      class: "box",
      spellcheck: "false",
      autocomplete: "off",
      "aria-label": `${spoken}, typed`,
      "aria-describedby": `${id}-e`,
    })
    this.el.addEventListener("keydown", (event) => {
      if (event.key === "Enter") {
        this.typed()
      } else if (event.key === "Escape") {
        this.restore()
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
    this.el.value = format(value)
  }

  /** @param {boolean} wrong */
  mark(wrong) {
    this.el.setAttribute("aria-invalid", String(wrong))
  }

  /** What is typed is given up: the value stands there again. */
  restore() {
    this.show(this.value)
  }

  typed() {
    const text = this.el.value
    const value = parse(text)
    if (value != null && value === rounded(this.value)) { // what is shown has fewer digits than what is set
      this.on.wrong("")
      this.restore()
    } else if (value == null || (this.spec.integer && !Number.isInteger(value))) {
      this.on.wrong(this.mistake(text))
    } else {
      this.on.value(value) // the server knows the bounds, and answers with an error if need be
    }
  }

  /** @param {string} text */
  mistake(text) {
    const {unit, integer} = this.spec
    const kind = integer ? "whole number" : "number"
    const wrong = text.trim() ? `\u201c${text}\u201d is not a ${kind}` : `A ${kind} is missing`
    return `${wrong}. Type for example ${format(this.spec.default)}${unit ? ` (in ${unit})` : ""}.`
  }
}
