// The list of lessons: each with its length, and how much of it is done in this browser.
import {h} from "../shared/dom.js"
import {settled} from "./progress.js"

/** @typedef {{id: string, title: string, summary: string, minutes: number, questions: number}} Listed */

/**
 * @param {Listed[]} lessons
 * @param {(id: string) => void} open
 */
export function listOf(lessons, open) {
  return h("ol", {class: "lessons"}, ...lessons.map((one) => h("li", {}, item(one, open))))
}

/**
 * @param {Listed} lesson
 * @param {(id: string) => void} open
 */
function item({id, title, summary, minutes, questions}, open) {
  const done = Math.min(settled(id), questions)
  const words = done ? `${done} of ${questions} answered` : `${minutes} min`
  const made = h("a", {href: `?lesson=${encodeURIComponent(id)}`, class: done >= questions ? "lesson done" : "lesson"})
  made.append(h("b", {}, title), h("span", {class: "summary"}, summary), h("span", {class: "how"}, words))
  made.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return // in another tab
    event.preventDefault()
    open(id)
  })
  return made
}
