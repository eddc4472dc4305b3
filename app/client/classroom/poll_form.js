// What a teacher asks: the kind of poll, its words, and what is right where that is known.
import {read} from "../rows/reading.js"
import {h, put} from "../shared/dom.js"
import {button} from "../lessons/parts.js"

const FEWEST = 2, MOST = 8

/** @type {[kind: string, words: string, about: string][]} */
const KINDS = [
  ["choice", "Choose", "One of up to eight options."],
  ["number", "Number", "Each types a number; you see how they spread."],
  ["predict", "Predict", "What will the run do that you show next? The class says it first; then reveal."],
]
/** @type {[name: string, words: string][]} */
const ASKS = [["pattern", "the pattern"], ["rate", "the rate"], ["sketch", "a sketch of the potential"]]

export class PollForm {
  /** @param {(poll: Object<string, any>) => void} ask */
  constructor(ask) {
    this.send = ask
    this.kind = "choice"
    this.question = h("textarea", {rows: "2", maxlength: "400", id: "poll-question"})
    this.kinds = KINDS.map(([value, words]) => {
      const input = h("input", {type: "radio", name: "poll-kind", value})
      input.checked = value === this.kind
      input.addEventListener("change", () => this.choose(value))
      return h("label", {}, input, h("span", {}, words))
    })
    this.about = h("p", {class: "quiet"})
    /** @type {{el: HTMLElement, text: HTMLInputElement, right: HTMLInputElement, away: HTMLButtonElement}[]} */
    this.options = []
    this.list = h("ol", {class: "choices"})
    this.more = button("quiet", "Add an option", () => this.add().text.focus())
    this.unit = h("input", {type: "text", maxlength: "20", size: "6", id: "poll-unit", autocomplete: "off"})
    this.value = h("input", {type: "text", size: "8", id: "poll-right", autocomplete: "off", placeholder: "none"})
    this.near = h("input", {
      type: "text",
      size: "6",
      autocomplete: "off",
      "aria-label": "Right within",
      placeholder: "0",
    })
    this.asks = ASKS.map(([value, words]) => {
      const input = h("input", {type: "checkbox", value})
      input.checked = true
      return h("label", {}, input, h("span", {}, words))
    })
    this.parts = {
      choice: h("fieldset", {}, h("legend", {}, "Options"), this.list, this.more, h("p", {class: "quiet"}, RIGHT)),
      number: h(
        "fieldset",
        {class: "line"},
        h("legend", {class: "vh"}, "Number"),
        h("label", {for: "poll-unit"}, "Unit"),
        this.unit,
        h("label", {for: "poll-right"}, "Right answer"),
        this.value,
        h("span", {}, "±"),
        this.near,
      ),
      predict: h("fieldset", {class: "line"}, h("legend", {}, "The class says"), ...this.asks),
    }
    this.wrong = h("p", {class: "status wrong", role: "alert"})
    this.el = h(
      "form",
      {class: "poll-form", novalidate: true},
      h("fieldset", {class: "kinds"}, h("legend", {class: "vh"}, "Kind of poll"), ...this.kinds),
      this.about,
      h("label", {class: "above", for: "poll-question"}, "Question"),
      this.question,
      ...Object.values(this.parts),
      this.wrong,
      h("div", {class: "buttons"}, h("button", {type: "submit", class: "primary"}, "Ask the class")),
    )
    this.question.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return
      event.preventDefault()
      this.ask()
    })
    this.el.addEventListener("submit", (event) => {
      event.preventDefault()
      this.ask()
    })
    this.begin()
    this.choose(this.kind)
  }

  /** Nothing is written yet; the kind stays. */
  begin() {
    for (const one of [this.question, this.unit, this.value, this.near]) one.value = ""
    this.options = []
    this.list.replaceChildren()
    for (let k = 0; k < FEWEST; k++) this.add()
    this.say("")
  }

  /** @param {string} kind */
  choose(kind) {
    this.kind = kind
    for (const [name, el] of Object.entries(this.parts)) el.hidden = name !== kind
    put(this.about, KINDS.find(([one]) => one === kind)?.[2] ?? "")
    this.question.placeholder = kind === "predict" ? "What will this neuron do?" : ""
    this.say("")
  }

  add() {
    const right = h("input", {type: "checkbox", title: "This one is right"})
    const text = h("input", {type: "text", maxlength: "100", autocomplete: "off"})
    const away = button("icon", "×", () => this.remove(one), "Take this option away")
    const one = {el: h("li", {}, right, text, away), text, right, away}
    right.addEventListener("change", () => {
      for (const other of this.options) if (other !== one) other.right.checked = false
    })
    text.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing) return
      event.preventDefault()
      const next = this.options[this.options.indexOf(one) + 1] ??
        (text.value && this.options.length < MOST && this.add())
      if (next) next.text.focus()
    })
    this.options.push(one)
    this.list.append(one.el)
    this.number()
    return one
  }

  /** @param {PollForm["options"][number]} one */
  remove(one) {
    const at = this.options.indexOf(one)
    this.options.splice(at, 1)
    one.el.remove()
    this.number()
    this.options[Math.min(at, this.options.length - 1)].text.focus()
  }

  number() {
    for (const [k, {text, right, away}] of this.options.entries()) {
      text.setAttribute("aria-label", `Option ${k + 1}`)
      right.setAttribute("aria-label", `Option ${k + 1} is right`)
      away.setAttribute("aria-label", `Take option ${k + 1} away`)
      away.disabled = this.options.length <= FEWEST
    }
    this.more.hidden = this.options.length >= MOST
  }

  ask() {
    this.say("")
    const poll = {kind: this.kind, question: this.question.value}
    if (this.kind === "choice") {
      // Those at the end that nobody has written are not meant.
      const last = this.options.findLastIndex(({text, right}) => text.value.trim() || right.checked)
      const meant = this.options.slice(0, Math.max(last + 1, FEWEST))
      const at = meant.findIndex(({right}) => right.checked)
      this.send({...poll, options: meant.map(({text}) => text.value), right: at < 0 ? null : at})
    } else if (this.kind === "number") this.askNumber(poll)
    else {
      const asks = this.asks.map((one) => /** @type {HTMLInputElement} */ (one.firstElementChild))
      this.send({...poll, asks: asks.filter(({checked}) => checked).map(({value}) => value)})
    }
  }

  /** @param {Object<string, any>} poll */
  askNumber(poll) {
    const found = [this.value, this.near].map((one) =>
      one.value.trim() ? read(one.value, {unit: "", default: 10}) : null
    )
    for (const one of found) {
      if (one && "wrong" in one) return this.say(one.wrong)
      if (one && "question" in one) return this.say(`${one.question} Write it without the comma.`)
    }
    const [value, near] = found.map((one) => one && "value" in one ? one.value : null)
    if (value == null && near != null) return this.say("Within ± of what? Type the right answer, or leave both empty.")
    this.send({...poll, unit: this.unit.value, right: value == null ? null : {value, near: near ?? 0}})
  }

  /** @param {string} words */
  say(words) {
    put(this.wrong, words)
  }
}

const RIGHT = "Tick the right one, if there is one: it is marked when you reveal."
