// A check, a choice or a text: one control, the same reset and error as a slider's row.
import {h} from "../shared/dom.js"
import {error, label, lock, mark, message, reset} from "./row_parts.js"

/**
 * @typedef {object} PlainSpec a row as `app/client/rows.py` describes it
 * @property {string} key
 * @property {"check" | "choice" | "text"} kind
 * @property {string} name
 * @property {string} [symbol]
 * @property {string} [doc]
 * @property {any} value
 * @property {any} default
 * @property {[string, string][]} [options]
 * @property {string} [locked] why its value cannot be changed
 */

export class PlainRow {
  /**
   * @param {import("./rows.js").Group} group
   * @param {PlainSpec} spec
   */
  constructor(group, spec) {
    this.group = group
    this.spec = spec
    this.dragging = false
    const {key, kind, name, doc} = spec
    const id = `r-${key}`
    this.control = control(spec, id)
    this.control.setAttribute("aria-describedby", `${id}-e`)
    this.reset = reset(name)
    this.wrong = error(id)
    this.el = h(
      "div",
      {class: `row plain ${kind}`, "data-key": key},
      h("div", {class: "top"}, mark(), label(spec, id, doc), this.reset),
      this.control,
      this.wrong,
    )
    this.control.addEventListener("change", () => this.set(this.read()))
    this.reset.addEventListener("click", () => {
      this.set(spec.default)
      this.control.focus()
    })
    if (spec.locked) lock(this.el, spec.locked, this.control)
    this.show(spec.value)
  }

  read() {
    const {control} = this
    return control instanceof HTMLInputElement && control.type === "checkbox" ? control.checked : control.value
  }

  /** @param {any} value */
  set(value) {
    this.error("")
    this.show(value)
    this.group.sender.send(this.spec.key, value, "commit")
  }

  /** @param {string} text "" where nothing is wrong */
  error(text) {
    message(this, text)
  }

  /**
   * What was set is refused: a text stays, to be mended; a choice goes back to that of the run.
   * @param {string} text why
   * @param {any} kept the value of the run
   */
  refuse(text, kept) {
    this.error(text)
    if (kept != null && this.spec.kind !== "text") this.show(kept)
  }

  /** @param {any} value */
  show(value) {
    const {control} = this
    if (control instanceof HTMLInputElement && control.type === "checkbox") {
      control.checked = value
    } else {
      control.value = value
    }
    this.el.classList.toggle("changed", value !== this.spec.default)
  }
}

/**
 * @param {PlainSpec} spec
 * @param {string} id
 */
function control({kind, options}, id) {
  if (kind === "choice") {
    return h("select", {id, class: "box wide"}, ...(options ?? []).map(([value, text]) => h("option", {value}, text)))
  }
  return kind === "check"
    ? h("input", {type: "checkbox", id})
    : h("input", {type: "text", id, class: "box wide", spellcheck: "false", autocomplete: "off"})
}
