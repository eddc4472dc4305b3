// A question under a row: what was typed can be read in two ways, and nothing is set until one is chosen.
import {h} from "../shared/dom.js"

/**
 * @param {import("./slider_row.js").SliderRow} row
 * @param {import("./reading.js").Question} asked
 */
export function ask(row, {question, answers}) {
  const {entry} = row
  const buttons = answers.map(({label, value}) => {
    const button = h("button", {type: "button", class: "answer"}, label)
    button.addEventListener("click", () => {
      entry.el.focus()
      entry.take(value)
    })
    button.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return
      event.preventDefault()
      entry.el.focus()
      entry.leave()
    })
    return button
  })
  row.error("")
  row.wrong.replaceChildren(h("span", {}, question), ...buttons)
  row.el.classList.add("asks")
}
