// What the page is put together from.
import {h} from "../shared/dom.js"
import {spark} from "../shared/spark.js"

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

/**
 * Tell a component something, as the server would; says whether it is there.
 * @param {string} address
 * @param {object} head
 */
export function tell(address, head) {
  const take = spark.inboxes.get(address)
  take?.(head, new ArrayBuffer(0), 0)
  return take != null
}
