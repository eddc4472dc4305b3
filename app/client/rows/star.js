// A row's star: whether its slider stays while the page is presented. By default the rows that the server names; what a
// hand has chosen otherwise is kept by this browser, for each model.
import {h} from "../shared/dom.js"
import {remember, remembered} from "../shared/remembered.js"

/**
 * @param {HTMLElement} row
 * @param {{key: string, name: string, star?: {of: string, own: boolean}}} spec
 * @returns {HTMLElement | null} none where a row cannot be presented
 */
export function star(row, {key, name, star}) {
  if (star == null) return null
  const {of, own} = star, at = `star.${of}.${key}`
  const button = h("button", {type: "button", class: "star", "aria-label": `Present ${name}`})

  /** @param {boolean} yes */
  function show(yes) {
    row.classList.toggle("starred", yes)
    button.classList.toggle("chosen", remembered(at) != null)
    button.setAttribute("aria-pressed", String(yes))
    button.textContent = yes ? "\u2605" : "\u2606"
    button.title = yes ? "Stays while the page is presented" : "Show while the page is presented"
  }

  button.addEventListener("click", () => {
    const yes = !row.classList.contains("starred")
    remember(at, yes === own ? null : yes ? "yes" : "no")
    show(yes)
  })
  const chosen = remembered(at)
  show(chosen == null ? own : chosen === "yes")
  return button
}
