// The accuracy meter: a button that draws the more accurate run beside the traces.
import {h} from "../shared/dom.js"

export class Meter {
  /** @param {() => void} press */
  constructor(press) {
    this.el = h("button", {type: "button", class: "meter", hidden: true})
    this.el.addEventListener("click", press)
  }

  /** @param {{label: string, value: string, unit: string, level: string, why: string, drawn?: boolean} | null} found */
  show(found) {
    this.el.hidden = found == null
    if (found == null) return
    const {label, value, unit, level, why, drawn} = found
    this.el.replaceChildren(
      h("span", {class: "name"}, label),
      h("b", {}, h("span", {class: "dot"}), value, h("small", {}, unit)),
    )
    this.el.className = `meter ${level}`
    Object.assign(this.el.dataset, {term: label, more: why})
    this.el.setAttribute("aria-label", `${label}: ${value} ${unit}. ${why}`)
    this.el.setAttribute("aria-pressed", String(Boolean(drawn)))
  }
}
