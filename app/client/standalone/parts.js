// What the page is put together from.
import {h} from "../shared/dom.js"

/** A component's end at the server, where there is none. @param {object} told */
export const model = (told) => ({address: "", on() {}, send_msg() {}, foresight: false, colours: [], ...told})

/**
 * @param {string} text
 * @param {string} title
 * @param {() => void} act
 */
export function button(text, title, act) {
  const made = h("button", {type: "button", title, "aria-label": text === "◐" ? title : null}, text)
  made.addEventListener("click", act)
  return made
}
