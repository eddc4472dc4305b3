// The strip above the plots: read-outs, the accuracy meter, what a run costs, and a line for words or a bar.
import {h, put} from "../shared/dom.js"
import {isQuiet} from "../shared/quiet.js"
import {Meter} from "./meter.js"
import {Progress} from "./progress.js"

const MANY = 7 // read-outs, beyond which they stand closer
const STATES = ["error", "busy", "note"] // the first that has words has the line, before `about`

export class ReadoutStrip {
  /** @param {(said: object) => void} post says something to the server */
  constructor(post) {
    /** @type {Object<string, any>} what it was told by now */
    this.line = {}
    this.meter = new Meter(() => post({type: "meter"}))
    this.progress = new Progress(() => post({type: "cancel"}))
    this.readouts = h("dl")
    this.narrow = new ResizeObserver(() => this.reach())
    this.narrow.observe(this.readouts)
    this.cost = h("div", {class: "cost"})
    this.words = h("div", {class: "say"})
    this.remedy = h("button", {class: "remedy", type: "button", hidden: true})
    this.remedy.addEventListener("click", () => post({type: "remedy"}))
    this.sentence = h("div", {class: "line"}, this.words, this.remedy)
    this.top = h("div", {class: "top"}, this.readouts, this.meter.el, this.cost)
    const {top, sentence, progress} = this
    this.el = h("div", {class: "strip"}, top, sentence, progress.el, progress.bar)
  }

  leave() {
    this.narrow.disconnect()
    this.progress.leave()
  }

  /** What runs on to the right is reached by the keyboard as well. */
  reach() {
    const {readouts} = this
    if (readouts.scrollWidth > readouts.clientWidth) readouts.tabIndex = 0
    else readouts.removeAttribute("tabindex")
  }

  /** @param {Object<string, any>} changes see `Picture.paint` and `Picture.say` */
  describe(changes) {
    Object.assign(this.line, changes)
    const {line} = this
    if (changes.readouts) this.list(changes.readouts)
    if ("meter" in changes) this.meter.show(changes.meter)
    put(this.cost, line.cost ?? "")
    if ("run" in changes) {
      this.el.classList.toggle("running", line.run != null)
      this.progress.show(line.run)
    }
    // A run's bar stands in the place of the sentence, which only says once that it runs.
    this.say({...line, busy: line.run ? "Simulating … Escape cancels." : line.busy})
  }

  /** What it shows, as one sentence. */
  get spoken() {
    const read = (this.line.readouts ?? []).map((/** @type {string[]} */ [label, value, unit]) =>
      `${label} ${value}${unit ? ` ${unit}` : ""}`
    )
    const waits = isQuiet("run") && this.words.matches(".about")
    return [waits ? "" : this.words.textContent, read.join(", ")].filter(Boolean).join(" ")
  }

  /** @param {Object<string, any>} said */
  say(said) {
    const state = STATES.find((one) => said[one]) ?? "about"
    const look = state === "error" ? "wrong" : state
    this.words.className = `say ${look}`
    this.sentence.className = `line ${look}`
    const fresh = put(this.words, said[state] ?? "")
    this.words.title = said[state] ?? ""
    this.remedy.hidden = !said.remedy || !["error", "about"].includes(state)
    put(this.remedy, said.remedy?.label ?? "")
    if (fresh && state === "busy") this.words.prepend(h("span", {class: "spin"}))
  }

  /** @param {[string, string, string][]} readouts label, value, unit */
  list(readouts) {
    this.top.classList.toggle("many", readouts.length > MANY)
    while (this.readouts.children.length > readouts.length) this.readouts.lastChild?.remove()
    readouts.forEach((texts, i) => write(this.readouts.children[i] ?? this.readouts.appendChild(blank()), texts))
  }
}

/** @returns {Element} a cell for a label, a value and a unit */
function blank() {
  const [label, value, unit] = ["", "", ""].map((text) => document.createTextNode(text))
  return h("div", {}, h("dt", {}, label), h("dd", {}, value, h("small", {}, unit)))
}

/**
 * Change a cell's texts in place, so that what stays the same is not laid out again.
 * @param {Element} cell
 * @param {string[]} texts
 */
function write(cell, texts) {
  const [dt, dd] = cell.children
  const nodes = [dt.firstChild, dd.firstChild, dd.lastChild?.firstChild]
  nodes.forEach((node, k) => {
    if (node instanceof Text && node.data !== texts[k]) node.data = texts[k]
  })
}
