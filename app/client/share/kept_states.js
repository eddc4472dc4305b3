// The list of the states that were kept: each can be renamed, opened, pinned and deleted.
import {h} from "../shared/dom.js"
import {LONGEST} from "./shelf.js"

/**
 * @typedef {import("./shelf.js").State} State
 * @typedef {object} On
 * @property {(state: State, name: string) => void} rename
 * @property {(state: State) => void} open
 * @property {(state: State) => void} pin
 * @property {(state: State) => void} remove
 */

export class KeptStates {
  /** @param {On} on */
  constructor(on) {
    this.on = on
    this.el = h("ul", {class: "states"})
    /** @type {Map<string, Row>} by the state's id */
    this.rows = new Map()
  }

  /**
   * A row that stays is not moved: it may be written in, or pressed.
   * @param {State[]} all
   */
  draw(all) {
    const ids = new Set(all.map(({id}) => id))
    for (const [id, {el}] of this.rows) {
      if (ids.has(id)) continue
      el.remove()
      this.rows.delete(id)
    }
    all.forEach((state, place) => {
      const row = this.rows.get(state.id) ?? new Row(state, this.on), there = this.el.children[place]
      this.rows.set(state.id, row)
      row.draw(state)
      if (there !== row.el) this.el.insertBefore(row.el, there ?? null)
    })
  }
}

class Row {
  /** @param {State} state @param {On} on */
  constructor(state, on) {
    this.state = state
    this.name = h("input", {type: "text", maxlength: LONGEST.name, value: state.name})
    this.name.addEventListener("change", () => {
      on.rename(this.state, this.name.value)
      this.name.value = this.state.name // as it was kept, or is still
    })
    const pin = {title: "Keep it behind the live run, in Compare"}
    this.gone = pressed("×", {class: "close", title: "Delete"}, () => on.remove(this.state))
    const stamp = state.picture
      ? h("img", {src: state.picture, alt: "", width: "150", height: "48"})
      : h("span", {class: "stamp"})
    const when = new Date(state.at).toLocaleString([], {dateStyle: "medium", timeStyle: "short"})
    this.el = h(
      "li",
      {},
      stamp,
      h("div", {class: "about"}, this.name, h("small", {}, `${state.title} · ${when}`)),
      pressed("Open", {}, () => on.open(this.state)),
      pressed("Pin", pin, () => on.pin(this.state)),
      this.gone,
    )
  }

  /** @param {State} state */
  draw(state) {
    if (state.name !== this.state.name) this.name.value = state.name
    this.state = state
    this.name.setAttribute("aria-label", `Name of ${state.name}`)
    this.gone.setAttribute("aria-label", `Delete ${state.name}`)
  }
}

/**
 * @param {string} text
 * @param {Object<string, string>} attributes
 * @param {() => void} press
 */
export function pressed(text, attributes, press) {
  const made = h("button", {type: "button", ...attributes}, text)
  made.addEventListener("click", press)
  return made
}
