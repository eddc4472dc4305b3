// Small parts of the panel: a button, and what stands above a lesson's first step.
import {h, hostOf, put} from "../shared/dom.js"
import {beQuiet} from "../shared/quiet.js"

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

/** That these are other values than the lesson's, and a way back to them. */
export class Away {
  /** @param {() => void} back */
  constructor(back) {
    this.words = h("span")
    this.el = h("div", {class: "away", hidden: true}, this.words, button("quiet", "Put them back", back))
  }

  /** @param {string} words "" where they are the lesson's */
  say(words) {
    put(this.words, words)
    this.el.hidden = !words
  }
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
 * What the page and its view say of a run by themselves, and what is foreseen along sliders, waits until what is asked is
 * answered.
 * @param {HTMLElement} el the panel's
 * @param {import("./card.js").Card[]} cards of the step
 * @param {boolean} words whether the view's words belong to what the step asks
 */
export function hush(el, cards, words) {
  const page = hostOf(hostOf(el)), quiet = cards.some((card) => card.awaits)
  page?.toggleAttribute("data-quiet", quiet)
  page?.toggleAttribute("data-view-quiet", quiet && !words)
  beQuiet(quiet ? words ? ["run"] : ["run", "view"] : [])
}
