// Words of a lesson, with their formulas set, and links that light up parts of the page.
import {h} from "../shared/dom.js"
import {typeset} from "../shared/seam.js"
import {light} from "./light.js"

/**
 * @param {any} doc the page's document
 * @param {string} text HTML of the server: Markdown without HTML of its own
 */
export function wordsOf(doc, text) {
  const made = h("div", {class: "words"})
  made.innerHTML = text
  for (const one of made.querySelectorAll("[data-tex]")) {
    if (!(one instanceof HTMLElement)) continue
    typeset(`${one.closest(".math.block") ? "\\displaystyle " : ""}${one.dataset.tex}`, one)
  }
  for (const link of made.querySelectorAll("a.light")) {
    if (!(link instanceof HTMLElement)) continue
    const target = link.dataset.light ?? ""
    link.setAttribute("role", "button")
    link.addEventListener("click", (event) => {
      event.preventDefault()
      light(doc, target, true)
    })
    link.addEventListener("pointerenter", ({pointerType}) => pointerType === "mouse" && light(doc, target, false))
  }
  return made
}
