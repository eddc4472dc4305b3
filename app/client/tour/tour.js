// The tour: a bar that says what to do next. What was done, the server sees; the page remembers whether to ask again.
import {h, put} from "../shared/dom.js"
import hidden from "../shared/hidden.css" with {type: "text"}
import {listen, say} from "../shared/messages.js"
import {remember, remembered} from "../shared/remembered.js"
import css from "./tour.css" with {type: "text"}

const SEEN = "tour"

/**
 * @typedef {object} Step nothing of it hides the bar
 * @property {number} [at] its number, from 0; as many as there are `steps` at the end
 * @property {number} [steps]
 * @property {string} [title]
 * @property {string} [words]
 */

/** @param {{model: any}} component */
export function render({model}) {
  const dots = h("span", {class: "dots", "aria-hidden": "true"})
  const count = h("span", {class: "vh"})
  const title = h("b")
  const words = h("span")
  const next = h("button", {type: "button", class: "next"}, "Skip this step")
  const end = h("button", {type: "button", class: "end"}, "End tour")
  const said = h("p", {role: "status"}, count, title, " ", words)
  const bar = h("section", {class: "first-steps", "aria-label": "Tour", hidden: true}, dots, said, next, end)

  /** @param {{step: Step}} told */
  function take({step}) {
    const {at, steps = 0} = step
    bar.hidden = at == null
    if (at == null) return
    const last = at >= steps
    dots.replaceChildren(...Array.from({length: steps}, (_, i) => {
      return h("i", {class: i < at ? "done" : i === at ? "now" : null})
    }))
    put(count, last ? "" : `Step ${at + 1} of ${steps}: `)
    put(title, step.title ?? "")
    put(words, step.words ?? "")
    next.hidden = last
    put(end, last ? "Done" : "End tour")
    if (last) remember(SEEN, "done")
  }

  next.addEventListener("click", () => say(model, {ask: "next"}))
  end.addEventListener("click", () => {
    remember(SEEN, "done")
    bar.hidden = true
    say(model, {ask: "end"})
  })
  listen(model, take)
  const sent = location.hash !== "" || /[?&](lesson|mystery|room)=/.test(location.search) // whoever opens what was sent wants to see that
  if (remembered(SEEN) == null && !sent) say(model, {ask: "begin"})
  return h("div", {}, h("style", {}, css, hidden), bar)
}
