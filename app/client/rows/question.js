// A question under a row: what was typed can be read in two ways, and nothing is set until one is chosen.
import {h} from "../shared/dom.js"

/**
 * @param {{el: Element, wrong: Element}} row
 * @param {import("./reading.js").Question} asked
 * @param {object} on what follows
 * @param {(value: number) => void} on.answer
 * @param {() => void} on.leave it is given up
 */
export function ask(row, {question, answers}, on) {
  const buttons = answers.map(({label, value}) => {
    const button = h("button", {type: "button", class: "answer"}, label)
    button.addEventListener("click", () => on.answer(value))
    button.addEventListener("keydown", (event) => {
      if (event.key === "Escape") on.leave()
    })
    return button
  })
  row.wrong.replaceChildren(h("span", {}, question), ...buttons)
  row.el.classList.add("asks")
}
