// A race: one mystery neuron for all. The teacher starts it; everybody sees the board.
import {h, put} from "../shared/dom.js"
import {MYSTERY} from "../shared/aside.js"
import {button, field} from "./parts.js"

const HOW = "Find the hidden values: measure, move the sliders until your run is the neuron’s, hand in. Three tries."

/**
 * @typedef {object} Row
 * @property {string} name
 * @property {boolean} me
 * @property {number | null} total from 0 to 1
 * @property {number} used experiments
 * @property {number} hands how often was handed in
 */
/** @typedef {{id: string, mystery: string, title: string, board: Row[]}} Told */

export class Race {
  /**
   * @param {(said: object) => void} say
   * @param {() => void} opened the neuron is open
   */
  constructor(say, opened) {
    this.level = h("select", {})
    this.about = h("p", {class: "quiet"})
    this.noise = h("input", {type: "number", value: "0", min: "0", max: "20", step: "any"})
    this.budget = h("input", {type: "number", min: "1", max: "1000", step: "1", placeholder: "no limit"})
    /** @type {{title: string, hidden: string}[]} */
    this.levels = []
    this.level.addEventListener("change", () => this.tell())
    this.form = h(
      "form",
      {class: "race-form", novalidate: true},
      h(
        "p",
        {},
        "One neuron with hidden values for all, another one each time. Each student chooses stimuli, measures, sets the " +
          "sliders, and hands in; scored by spike times under stimuli that nobody has seen, and by the values.",
      ),
      field("Level", this.level),
      this.about,
      field("Noise (mV)", this.noise),
      field("Experiments", this.budget),
      h("button", {type: "submit", class: "primary"}, "Start the race"),
    )
    this.form.addEventListener("submit", (event) => {
      event.preventDefault()
      const level = this.level.selectedIndex + 1
      say({type: "race", on: true, level, noise: Number(this.noise.value), budget: Number(this.budget.value)})
    })
    this.title = h("h3", {})
    this.go = button("primary", "Open the neuron", () => {
      document.dispatchEvent(new CustomEvent(MYSTERY, {detail: this.mystery}))
      opened()
    })
    this.stop = button("", "End the race", () => say({type: "race", on: false}), "The board goes with it")
    this.stop.removeAttribute("aria-label")
    this.how = h("p", {class: "quiet"}, HOW)
    this.body = h("tbody", {})
    this.none = h("p", {class: "quiet"}, "Nobody has measured yet.")
    this.table = h(
      "table",
      {class: "board"},
      h("thead", {}, h("tr", {}, ...["", "Name", "Score", "Experiments", "Handed in"].map((one) => h("th", {}, one)))),
      this.body,
    )
    this.run = h(
      "div",
      {class: "race-run"},
      h("div", {class: "buttons"}, this.title, this.go, this.stop),
      this.how,
      this.none,
      this.table,
    )
    this.el = h("div", {class: "race"}, this.form, this.run)
    this.teaches = false
    this.mystery = ""
    /** @type {Told | null} */
    this.told = null
  }

  /** @param {boolean} teaches */
  enter(teaches) {
    this.teaches = teaches
    this.draw(null)
  }

  /** A neuron that is open has locked sliders, which are not the teacher's. */
  putAway() {
    if (new URLSearchParams(location.search).has("mystery")) {
      document.dispatchEvent(new CustomEvent(MYSTERY, {detail: ""}))
    }
  }

  tell() {
    const level = this.levels[this.level.selectedIndex]
    put(this.about, level ? `Hidden: ${level.hidden}.` : "")
  }

  /** @param {any} head */
  take(head) {
    if (head.levels) {
      this.levels = head.levels
      this.level.replaceChildren(...this.levels.map(({title}, at) => h("option", {}, `${at + 1}: ${title}`)))
      this.tell()
    }
    if ("race" in head) this.draw(head.race)
  }

  /** @param {Told | null} race */
  draw(race) {
    this.told = race
    this.form.hidden = race != null || !this.teaches
    this.run.hidden = race == null
    this.stop.hidden = !this.teaches
    this.go.hidden = this.how.hidden = this.teaches
    if (race == null) return
    this.mystery = race.mystery
    put(this.title, race.title)
    this.none.hidden = race.board.length > 0
    this.table.hidden = race.board.length === 0
    this.body.replaceChildren(...race.board.map(({name, me, total, used, hands}, at) =>
      h(
        "tr",
        {class: me ? "me" : null},
        h("td", {class: "place"}, total == null ? "" : String(at + 1)),
        h("td", {class: "name"}, me ? `${name} (you)` : name),
        h("td", {class: "score"}, total == null ? "–" : `${Math.round(100 * total)} %`),
        h("td", {}, String(used)),
        h("td", {}, hands ? `${hands} ×` : "–"),
      )
    ))
  }
}
