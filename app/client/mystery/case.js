// A mystery that is open: what is hidden, what is known, experiments, how near the run on the page comes, and scores.
import {h, put} from "../shared/dom.js"
import {tables} from "./score.js"
import {sentence, symbol} from "./symbol.js"

/**
 * @typedef {object} Opened
 * @property {string} title
 * @property {string} noise a sentence, "" for none
 * @property {{name: string, symbol: string, words: string, range: string}[]} hidden
 * @property {{symbol: string, words: string, value: string}[]} known
 */
/** @typedef {{used: number, budget: number, left: number, hands: number}} Used */
/** @typedef {{gamma: string, yours: number, its: number}} Near */

export class Case {
  /**
   * @param {Opened} opened
   * @param {(said: object) => void} say to the server
   */
  constructor({title, noise, hidden, known}, say) {
    /** @type {Used | null} */
    this.used = null
    /** @type {Near | null} */
    this.near = null
    /** @type {Map<string, HTMLElement>} by the name of a hidden value, what can be told of it */
    this.marks = new Map(hidden.map(({name}) => [name, h("span", {class: "mark"}, UNKNOWN)]))
    this.untold = h("ul", {class: "untold"})
    this.count = h("span", {class: "used"})
    this.measure = press("Measure", "check", () => say({type: "measure"}))
    this.distance = h("p", {class: "near", role: "status"})
    this.error = h("p", {class: "wrong", role: "alert"})
    this.hand = press("Hand in", "", () => say({type: "hand"}))
    this.hands = h("span", {class: "used"})
    this.busy = h("p", {class: "summary", role: "status"})
    this.score = h("div", {class: "score"})
    this.away = h(
      "div",
      {class: "away", hidden: true},
      h("span", {}, "Your neuron has other known values than the mystery."),
      press("Put them back", "quiet", () => say({type: "back"})),
    )
    const rows = hidden.map(({name, symbol: sign, words, range}) =>
      h(
        "tr",
        {},
        h("th", {scope: "row"}, symbol(sign)),
        h("td", {}, words, h("small", {}, range)),
        h("td", {}, this.marks.get(name) ?? ""),
      )
    )
    const items = known.map(({symbol: sign, words, value}) =>
      h(
        "tr",
        {},
        h("th", {scope: "row"}, symbol(sign)),
        h("td", {}, words),
        h("td", {class: "value"}, value),
      )
    )
    this.el = h(
      "div",
      {},
      h("h3", {}, title),
      h(
        "p",
        {},
        "Choose a stimulus, measure, and move the sliders until your run is the mystery’s: its response is dashed. ",
        noise,
      ),
      h(
        "div",
        {class: "card"},
        this.distance,
        h("div", {class: "buttons"}, this.measure, this.count),
      ),
      h("table", {}, h("caption", {}, "Hidden"), h("tbody", {}, ...rows)),
      this.untold,
      h("details", {class: "about"}, h("summary", {}, "Known, and locked"), h("table", {}, h("tbody", {}, ...items))),
      h("div", {class: "buttons"}, this.hand, this.hands),
      this.busy,
      this.score,
    )
    /** @type {HTMLElement[]} what is always in view */
    this.below = [this.error, this.away]
    this.draw()
  }

  /** @param {any} head what the server says */
  take(head) {
    if (head.used) this.used = head.used
    if ("near" in head) this.near = head.near
    if (head.error != null) put(this.error, head.error)
    if (head.busy != null) put(this.busy, head.busy)
    if (head.away != null) this.away.hidden = !head.away
    if (head.told) this.tell(head.told)
    if (head.score) {
      this.score.replaceChildren(...tables(head.score))
      const first = /** @type {HTMLElement} */ (this.score.firstElementChild)
      first.focus({preventScroll: true})
      this.score.scrollIntoView({block: "start"})
    }
    this.draw()
  }

  draw() {
    const {used, near} = this
    this.measure.disabled = near != null || used == null || used.left === 0
    put(this.measure, near ? "Measured" : "Measure")
    this.measure.title = near ? "This stimulus is measured: choose another" : "See what it answers to this stimulus"
    if (used) {
      put(this.count, used.budget ? `${used.used} of ${used.budget} experiments used` : `${used.used} measured`)
      this.hand.disabled = used.hands === 0
      put(this.hands, used.hands === 1 ? "the last time" : `${used.hands} times left`)
    }
    put(
      this.distance,
      near
        ? `Γ = ${near.gamma}: your run has ${spikes(near.yours)}, the mystery ${spikes(near.its)}.`
        : used?.left === 0
        ? "All experiments are used. Go back to a stimulus that you have measured, or hand in."
        : "This stimulus is not measured.",
    )
  }

  /** @param {Object<string, {known: boolean, words: string}>} told */
  tell(told) {
    for (const [name, mark] of this.marks) {
      const one = told[name]
      mark.classList.toggle("known", one?.known === true)
      put(mark, one?.known ? "can be told" : UNKNOWN)
      mark.title = one?.words.replaceAll("`", "") ?? "Measure: then it is computed whether it can be told"
    }
    const words = Object.values(told).filter(({known}) => !known).map(({words}) => words)
    this.untold.replaceChildren(...words.map((one) => h("li", {}, ...sentence(one))))
  }
}

const UNKNOWN = "not yet"

/** @param {number} count */
const spikes = (count) => count === 1 ? "1 spike" : `${count} spikes`

/**
 * @param {string} words
 * @param {string} kind
 * @param {() => void} act
 */
function press(words, kind, act) {
  const made = h("button", {type: "button", class: kind}, words)
  made.addEventListener("click", act)
  return made
}
