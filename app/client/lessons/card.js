// A question or a goal with its hints, what was said of the answer, and what explains it.
import {h, put} from "../shared/dom.js"
import {isSettled} from "./progress.js"
import {entry} from "./questions.js"

/** @typedef {import("./questions.js").Asked & {goal?: boolean, watched?: boolean, of?: string}} Part `of`: the variable of a sketch */

export class Card {
  /**
   * @param {Part} part
   * @param {import("./progress.js").Progress} progress
   * @param {(said: Object<string, any>) => void} tell
   * @param {(html: string) => HTMLElement} html sets words with formulas and links
   * @param {(points: any) => void} drawn shows a sketch over the trace
   */
  constructor(part, progress, tell, html, drawn) {
    this.drawn = drawn
    this.part = part
    this.progress = progress
    this.tell = tell
    this.entry = part.goal && part.kind !== "tick" ? null : entry(part, () => this.send(), html)
    this.check = h("button", {type: "button", class: "check"}, LABELS[part.kind] ?? "Check")
    this.hint = h("button", {type: "button", class: "quiet"})
    this.give = h("button", {type: "button", class: "quiet"}, "Show the answer")
    this.see = h("button", {type: "button", class: "quiet"}, "Show it in the plots")
    this.words = h("p", {class: "verdict", role: "status"})
    this.answer = h("div", {class: "told", hidden: true})
    this.html = html
    this.hints = part.hints.map((one) => h("div", {class: "hint"}, html(one)))
    this.reveal = h("div", {class: "reveal"}, html(part.reveal))
    this.check.addEventListener("click", () => this.send())
    this.hint.addEventListener("click", () => {
      progress.note(part.id, {hints: (progress.of(part.id).hints ?? 0) + 1})
      this.show()
    })
    this.give.addEventListener("click", () => tell({type: "give", ask: part.id}))
    this.see.addEventListener("click", () => tell({type: "see", ask: part.id}))
    const buttons = h(
      "div",
      {class: "buttons"},
      part.goal || part.kind === "tick" ? null : this.check,
      this.hint,
      this.give,
      this.see,
    )
    const kind = part.goal ? "goal" : "ask"
    const mark = h("span", {class: "mark", "aria-hidden": "true"})
    this.el = h(
      "section",
      {class: `card ${kind}`, "aria-label": part.goal ? "Goal" : "Question", "data-ask": part.id},
      h("div", {class: "question"}, mark, html(part.html)),
      this.entry?.el ?? null,
      ...this.hints,
      buttons,
      this.words,
      this.answer,
      this.reveal,
    )
    const {answer, curve} = progress.of(part.id)
    if (answer !== undefined) this.entry?.show(answer)
    if (curve) this.entry?.result?.(curve)
    this.show()
  }

  /** Whether an answer is still to come that the page could give away. */
  get awaits() {
    return this.part.kind !== "open" && this.part.watched !== false && !isSettled(this.progress.of(this.part.id))
  }

  /** Whether it was passed over. */
  get open() {
    return this.part.watched !== false && !isSettled(this.progress.of(this.part.id))
  }

  send() {
    const wrong = this.entry?.wrong?.() ?? ""
    const answer = this.entry?.answer()
    if (wrong || answer === undefined) {
      put(this.words, wrong || "Choose an answer first.")
      this.words.className = "verdict wrong"
      return
    }
    if (this.part.kind !== "point") this.progress.note(this.part.id, {answer})
    this.tell({type: "answer", ask: this.part.id, answer})
  }

  /** @param {{right: boolean, words: string, told?: string, curve?: any}} verdict */
  take({right, words, told, curve}) {
    const {tries = 0} = this.progress.of(this.part.id)
    this.progress.note(this.part.id, {right, words, told, curve, tries: tries + 1})
    if (curve) {
      this.entry?.result?.(curve)
      this.drawn(this.part.of === "potential" ? this.entry?.answer() : null)
    }
    this.show()
    this.face()
  }

  /** What was said is in view. */
  face() {
    this.words.scrollIntoView({block: "nearest"})
  }

  /** @param {string} words */
  given(words) {
    this.progress.note(this.part.id, {told: words, words: words && !this.chosen ? `The answer: ${words}` : ""})
    this.show()
    this.face()
  }

  /** Whether its answers are words of the lesson, which may have formulas. */
  get chosen() {
    return this.part.kind === "choice" || this.part.kind === "several"
  }

  reached() {
    this.progress.note(this.part.id, {right: true, words: "Reached."})
    this.show()
  }

  show() {
    const {part} = this
    const done = this.progress.of(part.id)
    const settled = isSettled(done), shown = done.hints ?? 0
    this.el.classList.toggle("right", Boolean(done.right))
    this.el.classList.toggle("settled", settled)
    put(this.words, done.words ?? "")
    this.words.className = `verdict ${done.right ? "right" : done.words ? "wrong" : ""}`
    const told = this.chosen && !done.right && done.told
    this.answer.hidden = !told
    if (told) this.answer.replaceChildren("The answer:", this.html(told))
    this.hints.forEach((one, at) => one.hidden = at >= shown)
    this.hint.hidden = settled || shown >= part.hints.length
    put(this.hint, part.hints.length > 1 ? `Hint ${shown + 1} of ${part.hints.length}` : "Hint")
    const gives = part.goal ? shown >= part.hints.length : (done.tries ?? 0) > 0
    this.give.hidden = settled || !gives || part.kind === "open" || (part.kind === "tick" && !part.goal)
    put(this.give, part.goal ? "Show a solution" : "Show the answer")
    this.see.hidden = !(settled && part.predicts)
    this.reveal.hidden = !settled || !part.reveal
    if (part.kind === "open") put(this.check, settled ? "Keep" : "Keep, and compare")
  }
}

/** @type {Object<string, string>} */
const LABELS = {point: "Check where the run begins", sketch: "Compare with the run", open: "Keep, and compare"}
