// What a step still asks when its reader goes on: said once, and nobody is held.
import {h, put} from "../shared/dom.js"

export class OpenTasks {
  constructor() {
    this.el = h("p", {class: "open", role: "status"})
    /** @type {Set<string>} steps of which it was said */
    this.told = new Set()
  }

  /**
   * Say what is open, where that was not said before; whether it was said now.
   * @param {string} place the step
   * @param {import("./card.js").Card[]} cards
   * @param {string} label what goes on
   */
  hold(place, cards, label) {
    const count = left(cards)
    if (count === 0 || this.told.has(place)) return false
    this.told.add(place)
    put(
      this.el,
      `${count} ${count === 1 ? "task" : "tasks"} of this step ${
        count === 1 ? "is" : "are"
      } open. ${label} again goes on.`,
    )
    return true
  }

  /** @param {import("./card.js").Card[]} cards */
  follow(cards) {
    if (left(cards) === 0) this.hide()
  }

  hide() {
    put(this.el, "")
  }
}

/** @param {import("./card.js").Card[]} cards */
const left = (cards) => cards.filter((card) => card.open).length
