// The controls of a card.
import {h} from "../shared/dom.js"

/**
 * @typedef {object} ControlSpec as `Card.first` holds it
 * @property {string} key
 * @property {"button" | "toggle" | "choice"} kind
 * @property {string} label
 * @property {any} [value]
 * @property {[string, string][]} [options] of a choice: value and text
 * @property {string} [title]
 * @typedef {object} Control
 * @property {Element} element
 * @property {(value: any) => void} show
 * @property {(options: [string, string][]) => void} [fill] of a choice: what is chosen stays so
 * @property {(yes: boolean) => void} [enable] of a button
 */

/**
 * @param {ControlSpec} spec
 * @param {(value: any) => void} tell
 * @returns {Control}
 */
export function control(spec, tell) {
  const made = spec.kind === "choice" ? choice(spec, tell) : button(spec, tell)
  made.show(spec.value)
  return made
}

/**
 * @param {ControlSpec} spec
 * @param {(value: any) => void} tell
 * @returns {Control}
 */
function choice({label, options}, tell) {
  const box = h("select", {"aria-label": label})
  box.addEventListener("change", () => tell(box.value))
  /** @param {[string, string][]} all */
  const fill = (all) => {
    const chosen = box.value
    box.replaceChildren(...all.map(([value, text]) => new Option(text, value)))
    box.value = chosen
  }
  /** @param {string} value */
  const show = (value) => {
    box.value = value
  }
  fill(options ?? [])
  return {element: h("label", {}, label, box), show, fill}
}

/**
 * @param {ControlSpec} spec
 * @param {(value: any) => void} tell
 * @returns {Control}
 */
function button({kind, label, title}, tell) {
  const made = h("button", {type: "button", title: title || null}, label)
  let on = false
  /** @param {any} value */
  const show = (value) => {
    on = Boolean(value)
    if (kind === "toggle") made.setAttribute("aria-pressed", String(on))
  }
  /** @param {boolean} yes */
  const enable = (yes) => {
    made.disabled = !yes
  }
  made.addEventListener("click", () => {
    if (kind === "toggle") show(!on)
    tell(kind === "toggle" ? on : true)
  })
  return {element: made, show, enable}
}
