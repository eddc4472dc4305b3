// What a slider's row and a plain one have in common.
import {h, subscripted} from "../shared/dom.js"

/** The dot that marks a row whose value is not its default. */
export const mark = () => h("span", {class: "mark", "aria-hidden": "true"})

/**
 * @param {{name: string, symbol?: string}} spec
 * @param {string} of id of its control
 * @param {string} [title]
 */
export function label({name, symbol}, of, title) {
  const sign = symbol ? h("span", {class: "sym"}, ...subscripted(symbol)) : null
  return h("label", {for: of, class: "label", title}, h("span", {class: "name"}, name), sign)
}

/**
 * The button that goes back to the default.
 * @param {string} spoken
 * @param {string} shown
 */
export const reset = (spoken, shown = "") =>
  h("button", {
    type: "button",
    class: "reset",
    title: shown ? `Reset ${shown}` : "Reset",
    "aria-label": `Reset ${spoken}`,
  }, "\u21ba")

/** @param {string} id of its row */
export const error = (id) => h("div", {id: `${id}-e`, class: "err", role: "alert"})

/**
 * Say what is wrong, "" for nothing.
 * @param {{el: Element, wrong: Element}} row
 * @param {string} text
 */
export function message(row, text) {
  row.wrong.textContent = text
  row.el.classList.toggle("bad", text !== "")
  row.el.classList.remove("asks")
}

/**
 * A value is shown, and not to be moved.
 * @param {HTMLElement} el of the row
 * @param {string} why
 * @param {...(HTMLInputElement | HTMLSelectElement)} controls
 */
export function lock(el, why, ...controls) {
  el.classList.add("locked")
  el.title = why
  for (const one of controls) one.disabled = true
}
