// The form that makes a mystery: level, seed, noise and budget become a link.
import {copy} from "../shared/copy.js"
import {h, put} from "../shared/dom.js"

/** @typedef {{title: string, hidden: string}} Level */

export class Form {
  /**
   * @param {(said: object) => void} say to the server
   * @param {(query: string) => void} open a mystery that was made
   */
  constructor(say, open) {
    /** @type {Level[]} */
    this.levels = []
    this.query = ""
    this.level = h("select", {})
    this.level.addEventListener("change", () => this.tell())
    this.about = h("p", {class: "summary"})
    this.seed = number({placeholder: "drawn at random", min: "0", step: "1"})
    this.noise = number({value: "0", min: "0", max: "20", step: "any"})
    this.budget = number({placeholder: "no limit", min: "1", max: "1000", step: "1"})
    this.link = h("input", {type: "text", class: "link", readonly: true, "aria-label": "Link to the mystery"})
    this.link.addEventListener("focus", () => this.link.select())
    this.told = h("p", {class: "told", role: "status"})
    const made = h("button", {type: "button"}, "Copy link")
    made.addEventListener("click", () => copy(this.link, (words) => put(this.told, words)))
    const go = h("button", {type: "button"}, "Open it here")
    go.addEventListener("click", () => open(this.query))
    this.made = h(
      "div",
      {class: "card made", hidden: true},
      this.link,
      h("div", {class: "buttons"}, made, go),
    )
    this.el = h(
      "form",
      {novalidate: true},
      h(
        "p",
        {},
        "A neuron whose values are hidden. Whoever opens its link chooses stimuli, sees what it answers, and finds the values.",
      ),
      field("Level", this.level),
      this.about,
      field("Seed", this.seed, "another neuron for each"),
      field("Noise (mV)", this.noise, "on each measured potential"),
      field("Experiments", this.budget, "how many stimuli may be measured"),
      h("div", {class: "buttons"}, h("button", {type: "submit", class: "check"}, "Make the link")),
      this.made,
      this.told,
    )
    this.el.addEventListener("submit", (event) => {
      event.preventDefault()
      const wrong = [this.seed, this.noise, this.budget].find((one) => !one.checkValidity())
      if (wrong) {
        this.take({error: `${wrong.labels?.[0].firstElementChild?.textContent}: ${wrong.validationMessage}`})
        wrong.focus()
        return
      }
      const seed = this.seed.value === "" ? null : Number(this.seed.value)
      const rest = {noise: Number(this.noise.value), budget: Number(this.budget.value)}
      say({type: "make", level: this.level.selectedIndex + 1, seed, ...rest})
    })
  }

  /** @param {Level[]} levels */
  offer(levels) {
    this.levels = levels
    this.level.replaceChildren(...levels.map(({title}, at) => h("option", {}, `${at + 1}: ${title}`)))
    this.tell()
  }

  tell() {
    const level = this.levels[this.level.selectedIndex]
    put(this.about, level ? `Hidden: ${level.hidden}.` : "")
  }

  /** @param {{query?: string, seed?: number, error?: string}} made */
  take({query, seed, error}) {
    this.made.hidden = query == null
    put(this.told, error ?? `Made with seed ${seed}. The link holds it sealed: only this server can open it.`)
    this.told.classList.toggle("wrong", error != null)
    if (query == null) return
    this.query = query
    this.link.value = `${location.origin}${location.pathname}?mystery=${query}`
  }
}

/** @param {Object<string, string>} attributes */
const number = (attributes) => h("input", {type: "number", class: "number", ...attributes})

/**
 * @param {string} words
 * @param {HTMLElement} entry
 * @param {string} [hint]
 */
const field = (words, entry, hint) =>
  h("label", {class: "field"}, h("span", {}, words), entry, hint ? h("small", {}, hint) : null)
