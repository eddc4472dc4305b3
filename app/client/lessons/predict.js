// Predict, then reveal: what will this change do? A pattern, a rate, a sketch; then the run beside it.
import {h, put} from "../shared/dom.js"
import {ghost} from "./ghost.js"
import {entry} from "./questions.js"

/** @typedef {{frame: {time: [number, number], range: [number, number]}, patterns: string[]}} Asked */

export class Predict {
  /**
   * @param {any} doc the page's document
   * @param {(said: Object<string, any>) => void} tell
   */
  constructor(doc, tell) {
    this.doc = doc
    this.tell = tell
    this.words = h("p", {class: "verdict", role: "status"})
    this.form = h("div")
    this.el = h(
      "div",
      {class: "predict"},
      h(
        "p",
        {},
        "Change anything: a slider, the stimulus, the preset. The plots wait until you have said what will happen.",
      ),
      this.words,
      this.form,
    )
  }

  /**
   * A change waits for a prediction.
   * @param {Asked} asked
   */
  ask({frame, patterns}) {
    const part = {id: "predict", html: "", hints: [], reveal: "", predicts: false, options: []}
    const pattern = entry({...part, id: "predict-p", kind: "pattern", unit: "", patterns}, () => {})
    const rate = entry({...part, id: "predict-r", kind: "number", unit: "Hz"}, () => send())
    const sketch = entry({...part, kind: "sketch", unit: "mV", frame}, () => {})
    const show = h("button", {type: "button", class: "check"}, "Reveal")
    const send = () => {
      const drawn = sketch.answer()
      const typed = rate.answer()
      const wrong = typed === undefined && rate.el.querySelector("input")?.value ? rate.wrong?.() ?? "" : ""
      if (wrong) {
        this.say([wrong], "wrong")
        return
      }
      this.sketch = sketch
      this.tell({type: "predicted", pattern: pattern.answer() ?? null, rate: typed ?? null, sketch: drawn ?? null})
      show.disabled = true
    }
    show.addEventListener("click", send)
    ghost(this.doc, null)
    this.say([], "")
    /** @param {string} words @param {HTMLElement} el */
    const field = (words, el) => h("div", {class: "part"}, h("h4", {}, words), el)
    this.form.replaceChildren(h(
      "section",
      {class: "card ask", "aria-label": "Prediction"},
      field("Which pattern will it show?", pattern.el),
      field("At which rate, while the stimulus is on?", rate.el),
      field("What will the potential look like?", sketch.el),
      h("p", {class: "small"}, "One of the three is enough."),
      h("div", {class: "buttons"}, show),
    ))
  }

  /** @param {{words: string[], curve: any}} told */
  revealed({words, curve}) {
    this.say(words.length ? words : ["You predicted nothing: this is the run."], "")
    if (curve == null || this.sketch == null) return
    this.sketch.result?.(curve)
    ghost(this.doc, this.sketch.answer())
  }

  /** @param {string[]} words @param {string} kind */
  say(words, kind) {
    put(this.words, words.join(" "))
    if (words.length) this.words.scrollIntoView({block: "nearest"})
    this.words.className = `verdict ${kind}`
  }

  leave() {
    ghost(this.doc, null)
    this.form.replaceChildren()
    this.say([], "")
  }
}
