// Predict, then reveal: what will this change do? A pattern, a rate, a sketch; then the run beside it.
import {h, put} from "../shared/dom.js"
import {ghost} from "./ghost.js"
import {Prediction} from "./prediction.js"

export class Predict {
  /**
   * @param {any} doc the page's document
   * @param {(said: Object<string, any>) => void} tell
   * @param {(html: string) => HTMLElement} html sets words
   */
  constructor(doc, tell, html) {
    this.html = html
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
   * @param {import("./prediction.js").Asked} asked
   */
  ask(asked) {
    const show = h("button", {type: "button", class: "check"}, "Reveal")
    const send = () => {
      const wrong = prediction.wrong()
      if (wrong) {
        this.say([wrong], "wrong")
        return
      }
      this.sketch = prediction.sketch
      this.tell({type: "predicted", ...prediction.answer()})
      show.disabled = true
    }
    const prediction = new Prediction(asked, "predict", send, this.html)
    show.addEventListener("click", send)
    ghost(this.doc, null)
    this.say([], "")
    this.form.replaceChildren(h(
      "section",
      {class: "card ask", "aria-label": "Prediction"},
      ...prediction.fields,
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
