// A poll as its teacher has it: asked, counted while answers come, shown to the class when it shall be, and revealed.
import entries from "../lessons/entries.css" with {type: "text"}
import {button} from "../lessons/parts.js"
import {focused, h, put} from "../shared/dom.js"
import bars from "./histogram.css" with {type: "text"}
import {Histogram} from "./histogram.js"
import {PollForm} from "./poll_form.js"
import css from "./polls.css" with {type: "text"}
import {symbols} from "./told.js"

/** @typedef {import("./poll_card.js").Poll} Poll */

export class PollDesk {
  /** @param {(said: Object<string, any>) => void} say to the server */
  constructor(say) {
    /** @type {Poll | null} */
    this.poll = null
    this.armed = false // whether the next change is to be predicted
    this.shown = false // whether the bars are
    this.form = new PollForm((poll) => say({type: "ask", poll}))
    this.question = h("h3", {class: "asked", tabindex: "-1"})
    this.count = h("p", {class: "answered", role: "status"})
    this.part = h("span")
    this.wrong = h("p", {class: "status wrong", role: "alert"})
    this.show = h("button", {type: "button", class: "toggle", role: "switch"}, "Show the answers")
    this.show.addEventListener("click", () => {
      this.shown = !this.shown
      this.draw()
    })
    this.close = button("primary", "Close", () => say({type: "close"}))
    this.reveal = button("primary", "Reveal", () => say({type: "reveal"}))
    this.end = button("", "End the poll", () => say({type: "end"}))
    this.histogram = new Histogram()
    this.hidden = h("p", {class: "quiet none"}, "The answers are hidden, so that nobody follows the others.")
    this.live = h(
      "div",
      {class: "poll-live", hidden: true},
      this.question,
      h("div", {class: "so-far"}, this.count, h("div", {class: "gauge", "aria-hidden": "true"}, this.part)),
      h("div", {class: "buttons"}, this.close, this.reveal, this.show, this.end),
      this.wrong,
      this.hidden,
      this.histogram.el,
    )
    this.waiting = h(
      "div",
      {class: "poll-live", hidden: true},
      h("h3", {class: "asked", tabindex: "-1"}, "Now change anything"),
      h(
        "p",
        {},
        "A slider, the stimulus, the preset: the class is asked what it will do, and it runs when you reveal.",
      ),
      h("div", {class: "buttons"}, button("", "Ask nothing", () => say({type: "end"}))),
    )
    this.el = h("div", {class: "poll desk"}, h("style", {}, entries, css, bars), this.form.el, this.waiting, this.live)
  }

  leave() {
    this.histogram.leave()
  }

  /** @param {any} head of the server */
  take(head) {
    if (head.refused_poll) {
      put(this.wrong, head.refused_poll)
      this.form.say(head.refused_poll)
    }
    if ("armed" in head) this.armed = head.armed === true
    if ("poll" in head || "armed" in head) this.turn("poll" in head ? head.poll : this.poll)
  }

  /** @param {Poll | null} poll */
  turn(poll) {
    const before = this.poll
    this.poll = poll
    const held = this.el.contains(focused()), waited = !this.waiting.hidden
    this.form.el.hidden = poll != null || this.armed
    this.waiting.hidden = poll != null || !this.armed
    this.live.hidden = poll == null
    if (poll == null) {
      if (this.armed) {
        if (held && !waited) heading(this.waiting).focus({preventScroll: true})
        return
      }
      if (before || waited) {
        this.form.begin()
        if (held || before) this.form.question.focus({preventScroll: true})
      }
      return
    }
    if (before?.id !== poll.id || before.stage !== poll.stage) {
      // A page that begins anew in the middle of it is as it was, too.
      this.shown = poll.stage !== "open"
      put(this.wrong, "")
    }
    this.draw()
    // What had the focus may be gone: no button takes its place, which a second press would press.
    if (held && (before?.id !== poll.id || before.stage !== poll.stage)) this.question.focus({preventScroll: true})
  }

  draw() {
    const {poll, shown} = this
    if (poll == null) return
    const {stage, count, of} = poll
    this.question.replaceChildren(...symbols(poll.question))
    put(this.count, `${count} of ${of} answered`)
    this.part.style.width = `${of ? 100 * Math.min(1, count / of) : 0}%`
    this.show.setAttribute("aria-checked", String(shown))
    this.close.hidden = stage !== "open"
    this.reveal.hidden = stage === "revealed"
    this.reveal.className = stage === "open" ? "" : "primary"
    this.show.hidden = stage === "revealed"
    this.end.className = stage === "revealed" ? "primary" : ""
    put(this.end, stage === "revealed" ? "End, and ask another" : "End the poll")
    this.hidden.hidden = shown
    this.histogram.el.hidden = !shown
    if (shown) this.histogram.show({...poll, mine: null})
  }
}

/** @param {HTMLElement} of */
const heading = (of) => /** @type {HTMLElement} */ (of.querySelector("h3"))
