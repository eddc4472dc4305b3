// Small parts of the panel: a button, and what stands above a lesson's first step.
import {h, hostOf} from "../shared/dom.js"

/**
 * @param {string} kind
 * @param {string | Node} words
 * @param {() => void} press
 * @param {string} [title]
 */
export function button(kind, words, press, title) {
  const made = h("button", {type: "button", class: kind, title, "aria-label": title}, words)
  made.addEventListener("click", press)
  return made
}

/**
 * What a lesson is about.
 * @param {import("./lessons.js").Lesson} lesson
 * @param {(html: string) => HTMLElement} html
 */
export function openingOf({summary, minutes, outcomes, reading}, html) {
  const items = (/** @type {string[]} */ of) => h("ul", {}, ...of.map((one) => h("li", {}, html(one))))
  const words = `${minutes} minutes. What you can do afterwards`
  const about = h("details", {class: "about"}, h("summary", {}, words), items(outcomes))
  if (reading.length) about.append(h("p", {}, "Goes with"), items(reading))
  return h("div", {class: "opening"}, h("p", {}, summary), about)
}

/**
 * What the page says of a run by itself, and foresees along its sliders, waits until what is asked is answered.
 * @param {HTMLElement} el the panel's
 * @param {import("./card.js").Card[]} cards of the step
 */
export function hush(el, cards) {
  hostOf(hostOf(el))?.toggleAttribute("data-quiet", cards.some((card) => card.awaits))
}
