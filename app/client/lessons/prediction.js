// What is predicted of a run: its pattern, its rate, a sketch of its potential, or some of them.
import {h} from "../shared/dom.js"
import {entry} from "./questions.js"

/** @typedef {"pattern" | "rate" | "sketch"} Name */
/** @typedef {{frame: import("./axes.js").Frame, patterns: string[], asks?: Name[]}} Asked */

/** @type {Object<Name, string>} */
const QUESTIONS = {
  pattern: "Which pattern will it show?",
  rate: "At which rate, while the stimulus is on?",
  sketch: "What will the potential look like?",
}
const ALL = /** @type {Name[]} */ (Object.keys(QUESTIONS))

export class Prediction {
  /**
   * @param {Asked} asked
   * @param {string} id under which its inputs belong together
   * @param {() => void} done
   * @param {(html: string) => HTMLElement} html sets words
   */
  constructor({frame, patterns, asks = ALL}, id, done, html) {
    const part = {html: "", hints: [], reveal: "", predicts: false, options: []}
    /** @type {Object<Name, () => import("./questions.js").Entry>} */
    const made = {
      pattern: () => entry({...part, id: `${id}-p`, kind: "pattern", unit: "", patterns}, () => {}, html),
      rate: () => entry({...part, id: `${id}-r`, kind: "number", unit: "Hz"}, done, html),
      sketch: () => entry({...part, id, kind: "sketch", unit: "mV", frame}, () => {}, html),
    }
    this.asks = asks
    this.entries = new Map(asks.map((name) => [name, made[name]()]))
    this.fields = asks.map((name) =>
      h("div", {class: "part"}, h("h4", {}, QUESTIONS[name]), this.entries.get(name)?.el ?? "")
    )
  }

  get sketch() {
    return this.entries.get("sketch")
  }

  /** What is wrong with the rate that is typed, "" for nothing. */
  wrong() {
    const rate = this.entries.get("rate")
    const typed = rate?.answer() === undefined && rate?.el.querySelector("input")?.value
    return typed ? rate?.wrong?.() ?? "" : ""
  }

  /** @returns {Object<string, any>} of what is asked, null where nothing is said */
  answer() {
    return Object.fromEntries([...this.entries].map(([name, one]) => [name, one.answer() ?? null]))
  }

  /** @param {Object<string, any>} answer */
  show(answer) {
    for (const [name, one] of this.entries) one.show(answer[name])
  }
}
