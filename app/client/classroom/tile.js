// One student on the wall: a button with the trace, who it is, what was changed, and what came of it.
import {h, put} from "../shared/dom.js"
import {hertz, spoken, symbols, why} from "./told.js"
import {line, path, picture, set, TALL} from "./trace.js"

/**
 * @typedef {object} Axes what all tiles share
 * @property {Float32Array} numbers all of them
 * @property {number} columns
 * @property {number} low
 * @property {number} high
 * @property {string} ghost the teacher's trace
 */

export class Tile {
  /** @param {() => void} enlarge */
  constructor(enlarge) {
    this.name = h("strong", {})
    this.follows = h("small", {class: "follows"}, "follows")
    this.ghost = line("ghost")
    this.trace = line("line")
    this.picture = picture(1, this.ghost, this.trace)
    this.why = h("span", {class: "why"})
    this.pattern = h("span", {class: "pattern"})
    this.rate = h("span", {class: "rate"})
    this.changed = h("span", {class: "changed"})
    this.el = h(
      "button",
      {type: "button", class: "tile", tabindex: "-1"},
      h("span", {class: "who"}, this.name, this.follows),
      h("span", {class: "trace"}, this.picture, this.why),
      h("span", {class: "numbers"}, this.pattern, this.rate),
      this.changed,
    )
    this.words = ""
    this.el.addEventListener("click", enlarge)
  }

  /**
   * Says whether its trace is another one.
   * @param {import("./told.js").Told} tile
   * @param {string} name
   * @param {Axes} axes
   */
  show(tile, name, axes) {
    const {offset, refused} = tile, {columns} = axes
    put(this.name, name)
    this.follows.hidden = !tile.following
    put(this.why, why(tile))
    this.el.classList.toggle("refused", refused != null)
    put(this.pattern, tile.pattern)
    put(this.rate, hertz(tile.rate))
    this.change(tile.changed.join(", "))
    set(this.el, "aria-label", spoken(tile, name))
    set(this.picture, "viewBox", `0 0 ${columns} ${TALL}`)
    const own = offset == null
      ? ""
      : path(axes.numbers.subarray(offset, offset + 2 * columns), {...axes, wide: columns})
    const moved = own !== this.trace.getAttribute("d")
    set(this.trace, "d", own)
    set(this.ghost, "d", own ? axes.ghost : "")
    return moved
  }

  /** @param {string} words */
  change(words) {
    if (words === this.words) return
    this.words = words
    this.changed.replaceChildren(...symbols(words))
  }
}
