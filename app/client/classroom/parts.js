// Small parts of the classroom.
import {h} from "../shared/dom.js"

/**
 * @param {string} kind
 * @param {string | Node} words
 * @param {() => void} act
 * @param {string} [name]
 */
export function button(kind, words, act, name) {
  const made = h("button", {type: "button", class: kind, title: name, "aria-label": name}, words)
  made.addEventListener("click", act)
  return made
}

/**
 * A switch with words.
 * @param {string} words
 * @param {(on: boolean) => void} act
 * @param {string} [title]
 */
export function toggle(words, act, title) {
  const made = h("button", {type: "button", class: "toggle", role: "switch", "aria-checked": "false", title}, words)
  made.addEventListener("click", () => act(made.getAttribute("aria-checked") !== "true"))
  return made
}

/**
 * @param {HTMLElement} one
 * @param {boolean} on
 */
export const turn = (one, on) => one.setAttribute("aria-checked", String(on))

/**
 * @param {string} words
 * @param {HTMLElement} entry
 */
export const field = (words, entry) => h("label", {class: "field"}, h("span", {}, words), entry)

/** @param {number} count @param {string} one */
export const some = (count, one) => `${count} ${one}${count === 1 ? "" : "s"}`
