// What a question is answered with, by its kind: each gives an element, and says the answer.
import {h} from "../shared/dom.js"
import {read} from "../rows/reading.js"
import {Sketch} from "./sketch.js"

/**
 * @typedef {object} Asked a question as `app/page/teaching.py` says it
 * @property {string} id
 * @property {string} kind
 * @property {string} html
 * @property {string} unit
 * @property {string[]} options
 * @property {string[]} hints
 * @property {string} reveal
 * @property {boolean} predicts whether the page then shows the run that was asked for
 * @property {{time: [number, number], range: [number, number]}} [frame] of a sketch
 * @property {string[]} [patterns]
 */
/**
 * @typedef {object} Entry
 * @property {HTMLElement} el
 * @property {() => any} answer undefined where there is none yet
 * @property {(answer: any) => void} show what was answered before
 * @property {() => string} [wrong] what is wrong with what is typed, "" for nothing
 * @property {(found: any) => void} [result] what comes back
 * @property {boolean} [keeps] whether whatever is typed is the answer
 */

/**
 * @param {Asked} ask
 * @param {() => void} done the answer is given by the hand itself
 * @param {(html: string) => HTMLElement} html sets words with formulas and links
 * @returns {Entry}
 */
export function entry(ask, done, html) {
  switch (ask.kind) {
    case "number":
      return number(ask, done)
    case "choice":
    case "several":
      return choice(ask, ask.options, html)
    case "pattern":
      return choice({...ask, kind: "choice"}, ask.patterns ?? [], html, true)
    case "sketch":
      return new Sketch(ask)
    case "open":
      return open(ask, done)
    case "tick":
      return tick(done)
    default: // a point: the run begins where the phase plane was clicked
      return {el: h("div"), answer: () => true, show: () => {}}
  }
}

/** Units that are none of the dimensions which are read with a number: they are taken off, as is any that is unknown. */
const OWN = /\s*(%|spikes?|Hz\/pA|mV\/ms)\s*$/

/** @param {Asked} ask @param {() => void} done @returns {Entry} */
function number(ask, done) {
  const own = OWN.test(ask.unit) || "wrong" in read("1", {unit: ask.unit, default: 10}), unit = own ? "" : ask.unit
  const bare = (/** @type {string} */ text) => own && text.endsWith(ask.unit) ? text.slice(0, -ask.unit.length) : text
  const input = h("input", {type: "text", class: "number", id: ask.id, autocomplete: "off", spellcheck: "false"})
  input.setAttribute("aria-label", `Answer${ask.unit ? ` in ${ask.unit}` : ""}`)
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter") done()
  })
  /** @returns {import("../rows/reading.js").Read} */
  const found = () => read(bare(input.value.trim().replace(`\u2212`, "-").replace(OWN, "")), {unit, default: 10})
  return {
    el: h("div", {class: "typed"}, input, h("span", {class: "unit"}, ask.unit)),
    answer: () => {
      const one = found()
      return "value" in one ? one.value : undefined
    },
    wrong: () => {
      const one = found()
      return "wrong" in one ? one.wrong : "question" in one ? `${one.question} Write it without the comma.` : ""
    },
    show: (answer) => input.value = answer == null ? "" : String(answer),
  }
}

/**
 * @param {Asked} ask
 * @param {string[]} options HTML, or words where the answer is the word itself
 * @param {(html: string) => HTMLElement} html
 * @param {boolean} worded
 * @returns {Entry}
 */
function choice(ask, options, html, worded = false) {
  const type = ask.kind === "several" ? "checkbox" : "radio"
  const inputs = options.map((_, at) => h("input", {type, name: ask.id, value: String(at)}))
  const labels = options.map((one, at) => h("label", {class: "option"}, inputs[at], html(one)))
  const chosen = () => inputs.flatMap((one, at) => one.checked ? [at] : [])
  return {
    el: h("fieldset", {class: worded ? "options words" : "options"}, h("legend", {class: "vh"}, "Answers"), ...labels),
    answer: () => {
      const found = chosen()
      if (ask.kind === "several") return found.length ? found : undefined
      return found.length ? (worded ? options[found[0]] : found[0]) : undefined
    },
    show: (answer) => {
      const places = Array.isArray(answer) ? answer : [worded ? options.indexOf(answer) : answer]
      inputs.forEach((one, at) => one.checked = places.includes(at))
    },
  }
}

/** What only the student can say. @param {() => void} done @returns {Entry} */
function tick(done) {
  const box = h("input", {type: "checkbox"})
  box.addEventListener("change", () => {
    if (box.checked) done()
    box.disabled = box.checked
  })
  return {
    el: h("label", {class: "option"}, box, h("span", {}, "Done")),
    answer: () => box.checked || undefined,
    show: (answer) => box.checked = box.disabled = answer === true,
  }
}

/** @param {Asked} ask @param {() => void} done @returns {Entry} */
function open(ask, done) {
  const area = h("textarea", {rows: "4", id: ask.id, "aria-label": "Your answer, kept in this browser"})
  area.addEventListener("change", () => area.value.trim() && done())
  return {
    el: area,
    answer: () => area.value.trim() || undefined,
    show: (answer) => area.value = answer ?? "",
    keeps: true,
  }
}
