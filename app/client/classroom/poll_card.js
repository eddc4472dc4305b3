// A poll as a student has it: the question, the answer, and what all have answered. An answer that the server may not have
// got is kept by the browser until the server says it back.
import {Prediction} from "../lessons/prediction.js"
import {entry} from "../lessons/questions.js"
import {focused, h, put} from "../shared/dom.js"
import {remember, remembered} from "../shared/remembered.js"
import entries from "../lessons/entries.css" with {type: "text"}
import bars from "./histogram.css" with {type: "text"}
import {Histogram} from "./histogram.js"
import css from "./polls.css" with {type: "text"}
import {symbols} from "./told.js"

const KEPT = "poll answer"
const AGAIN = 3000 // ms after which an answer is no longer on its way

/**
 * @typedef {object} Poll as app/classroom/revealing.py tells it
 * @property {string} id
 * @property {"choice" | "number" | "predict"} kind
 * @property {string} question
 * @property {string[]} options
 * @property {string} unit
 * @property {import("../lessons/prediction.js").Name[]} asks
 * @property {import("../lessons/axes.js").Frame} frame
 * @property {string[]} patterns
 * @property {"open" | "closed" | "revealed"} stage
 * @property {any} mine null for no answer
 * @property {any} right
 * @property {{right: boolean | null, words: string[]} | null} verdict
 * @property {number} count
 * @property {number} of
 * @property {import("./histogram.js").Shown["histogram"]} histogram
 */

export class PollCard {
  /** @param {(said: Object<string, any>) => void} say to the server */
  constructor(say) {
    this.say = say
    /** @type {Poll | null} */
    this.poll = null
    /** @type {{answer: () => any, wrong: () => string, show: (answer: any) => void} | null} */
    this.given = null
    this.told = "" // what the server has said of the answer
    this.sent = 0 // when it was said last
    this.touched = false
    this.none = h("p", {class: "quiet none"}, "There is no poll now. When your teacher asks one, it stands here.")
    this.question = h("h3", {class: "asked", tabindex: "-1"})
    this.form = h("form", {novalidate: true})
    this.form.addEventListener("submit", (event) => {
      event.preventDefault()
      this.send()
    })
    const touch = () => {
      this.touched = true
    }
    for (const kind of ["input", "pointerdown", "keydown"]) this.form.addEventListener(kind, touch)
    this.button = h("button", {type: "submit", class: "primary"}, "Send")
    this.words = h("p", {class: "status", role: "status"})
    this.histogram = new Histogram()
    this.count = h("p", {class: "quiet answered"})
    this.body = h(
      "div",
      {class: "poll-card", hidden: true},
      this.question,
      this.form,
      this.words,
      this.histogram.el,
      this.count,
    )
    this.el = h("div", {class: "poll"}, h("style", {}, entries, css, bars), this.none, this.body)
  }

  leave() {
    this.histogram.leave()
  }

  /** @param {any} head of the server */
  take(head) {
    const {accepted, refused_answer: refused} = head
    if (this.poll && accepted?.poll === this.poll.id) this.told = accepted.words || SENT
    if (this.poll && refused?.poll === this.poll.id) {
      // What is refused is not sent again by itself.
      forget()
      this.sent = 0
      this.told = ""
      this.tell(refused.words, "wrong")
    } else if (this.poll && accepted?.poll === this.poll.id && !("poll" in head)) this.draw()
    if ("poll" in head) this.show(head.poll)
  }

  /** @param {Poll | null} poll */
  show(poll) {
    const before = this.poll
    this.poll = poll
    this.none.hidden = poll != null
    this.body.hidden = poll == null
    if (poll == null) return
    if (before?.id !== poll.id) this.ask(poll)
    const kept = unsent(poll.id)
    if (kept !== undefined && same(kept, poll.mine)) {
      forget()
      this.sent = 0
      this.told ||= SENT
    } else if (kept !== undefined && poll.stage === "open" && Date.now() - this.sent > AGAIN) {
      if (!this.touched) this.given?.show(kept)
      this.hand(kept)
    }
    if (poll.mine != null && unsent(poll.id) === undefined && !this.touched) this.given?.show(poll.mine)
    this.draw()
  }

  /** A new poll. @param {Poll} poll */
  ask(poll) {
    this.told = ""
    this.sent = 0
    this.touched = false
    this.question.replaceChildren(...symbols(poll.question))
    const text = (/** @type {string} */ words) => h("span", {}, words) // of a teacher: plain text, never HTML
    const id = `poll-${poll.id}`
    if (poll.kind === "predict") {
      const made = new Prediction(poll, id, () => {}, text)
      this.given = {
        answer: () => Object.values(made.answer()).some((one) => one != null) ? made.answer() : undefined,
        wrong: () => made.wrong(),
        show: (answer) => made.show(answer),
      }
      const several = poll.asks.length > 1
      const hint = several ? h("p", {class: "quiet"}, `One of the ${COUNTED[poll.asks.length]} is enough.`) : null
      this.fill(...several ? made.fields : [...made.entries.values()].map(({el}) => el), hint)
      return
    }
    const part = {id, html: "", hints: [], reveal: "", predicts: false}
    // Enter in a number sends the form by itself.
    const one = entry({...part, kind: poll.kind, unit: poll.unit, options: poll.options}, () => {}, text)
    this.given = {answer: () => one.answer(), wrong: () => one.wrong?.() ?? "", show: (answer) => one.show(answer)}
    this.fill(one.el)
  }

  /** @param {...(Node | null)} inside */
  fill(...inside) {
    this.inputs = h("fieldset", {class: "inputs"}, h("legend", {class: "vh"}, "Your answer"), ...inside)
    this.form.replaceChildren(this.inputs, h("div", {class: "buttons"}, this.button))
  }

  send() {
    if (this.poll?.stage !== "open" || this.given == null) return
    const wrong = this.given.wrong(), answer = this.given.answer()
    if (wrong || answer === undefined) {
      this.tell(wrong || NOTHING[this.poll.kind], "wrong")
      return
    }
    this.hand(answer)
    this.draw()
  }

  /** @param {any} answer */
  hand(answer) {
    const {id} = /** @type {Poll} */ (this.poll)
    remember(KEPT, JSON.stringify({poll: id, answer}))
    this.sent = Date.now()
    this.told = ""
    this.say({type: "answer", poll: id, answer})
  }

  draw() {
    const poll = /** @type {Poll} */ (this.poll)
    const open = poll.stage === "open", revealed = poll.stage === "revealed", {mine, verdict} = poll
    const waits = unsent(poll.id) !== undefined
    const held = !open && this.form.contains(focused())
    this.form.hidden = revealed && poll.histogram != null
    if (this.inputs) this.inputs.disabled = !open
    this.form.classList.toggle("still", !open)
    for (const pad of this.form.querySelectorAll(".sketch")) pad.toggleAttribute("inert", !open)
    this.button.hidden = !open
    put(this.button, mine == null && !this.told ? "Send" : "Send again")
    if (open) {
      this.tell(this.told || (waits ? "Sending …" : mine == null ? "" : SENT), waits && !this.told ? "" : "fine")
    } else if (!revealed) {
      this.tell(mine != null ? "Closed. Your answer is in." : waits ? LATE : "Closed: you have not answered.", "")
    } else {
      const words = verdict?.words.length ? verdict.words.join(" ") : mine == null ? "You have not answered." : ""
      this.tell(words, verdict?.right === true ? "right" : verdict?.right === false ? "wrong" : "")
    }
    this.histogram.el.hidden = !(revealed && poll.histogram)
    if (revealed) this.histogram.show(poll)
    put(this.count, `${poll.count} of ${poll.of} answered`)
    if (held) this.question.focus({preventScroll: true})
  }

  /** @param {string} words @param {string} kind */
  tell(words, kind) {
    put(this.words, words)
    this.words.className = `status ${kind}`
  }
}

const SENT = "Sent. You can change it until the poll is closed."
const LATE = "Closed before your answer arrived."
/** @type {Object<Poll["kind"], string>} */
const NOTHING = {choice: "Choose one first.", number: "Type a number first.", predict: "Predict something first."}
/** @type {Object<number, string>} */
const COUNTED = {2: "two", 3: "three"}

/**
 * The answer to this poll that the server has not said back, undefined for none.
 * @param {string} id
 */
function unsent(id) {
  try {
    const {poll, answer} = JSON.parse(remembered(KEPT) ?? "{}")
    return poll === id ? answer : undefined
  } catch {
    return undefined
  }
}

const forget = () => remember(KEPT, null)

/**
 * Whether two answers are one: numbers may differ by what writing and reading them costs.
 * @param {any} one
 * @param {any} other
 * @returns {boolean}
 */
function same(one, other) {
  if (one == null || other == null) return one == null && other == null
  if (typeof one === "number" && typeof other === "number") {
    return Math.abs(one - other) <= 1e-9 * Math.max(1, Math.abs(one), Math.abs(other))
  }
  if (typeof one !== "object" || typeof other !== "object") return one === other
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].every((key) => same(one[key], other[key]))
}
