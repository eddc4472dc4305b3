// The dialog itself: three groups of what can be taken along, and one line that says how far it is.
import {Dialog} from "../shared/dialog.js"
import {h} from "../shared/dom.js"
import {FigureForm} from "./figure_form.js"
import {CopiedText} from "./copied_text.js"
import {ViewForm} from "./view_form.js"

/**
 * @typedef {{key: string, label: string, title: string}} Offer a button
 * @typedef {object} Offers as `app/export/made.py` tells them
 * @property {Offer[]} pictures
 * @property {Offer[]} data
 * @property {Offer[]} code
 * @property {[string, string][]} formats
 * @property {number[]} widths mm
 * @property {number} size pt
 */

export class ExportDialog {
  /**
   * @param {Offers} offers
   * @param {(what: string, options: object, number: number) => void} ask each time by another number
   * @param {() => void} cancel
   */
  constructor(offers, ask, cancel) {
    this.ask = ask
    this.cancel = cancel
    this.busy = false
    this.number = 0 // of what was asked for last
    this.making = ""
    this.ended = "" // what was under way before
    this.form = new FigureForm(offers)
    this.view = new ViewForm({
      begin: (label) => {
        this.drop()
        this.text.clear()
        this.say({words: `Making: ${label} …`}) // at once, so that there is nothing to cancel
        return ++this.number
      },
      end: (number, said) => number === this.number && this.say(said),
    })
    this.text = new CopiedText((words) => this.done(words))
    this.words = h("p", {class: "words", id: "export-words"})
    this.status = h("p", {role: "status"})
    this.error = h("p", {class: "fault", role: "alert"})
    this.progress = h("progress", {"aria-label": "Part that is made", hidden: true})
    this.stop = h("button", {type: "button", class: "stop", hidden: true}, "Cancel")
    /** @param {string} name @param {string} title @param {...Node} inside */
    const group = (name, title, ...inside) =>
      h(
        "section",
        {class: name, "aria-labelledby": `export-${name}`},
        h("h3", {id: `export-${name}`}, title),
        ...inside,
      )
    this.frame = new Dialog(
      {key: "export", title: "Export", about: "export-words"},
      h(
        "div",
        {class: "groups", tabindex: "-1"},
        this.words,
        group("figure", "Figure", this.form.el, this.buttons(offers.pictures, () => this.form.options()), this.view.el),
        group("data", "Data", this.buttons(offers.data)),
        group("code", "Code: copy as", this.buttons(offers.code), this.text.el),
      ),
      h(
        "div",
        {class: "foot"},
        this.status,
        this.error,
        this.progress,
        this.stop,
      ),
    )
    this.el = this.frame.el
    this.stop.addEventListener("click", () => {
      this.drop()
      this.done("Cancelled.")
    })
    this.el.addEventListener("close", () => this.drop())
  }

  /**
   * @param {Offer[]} offers
   * @param {() => object} options
   */
  buttons(offers, options = () => ({})) {
    const made = offers.map(({key, label, title}) => {
      const primary = key === "figure" ? "primary" : null
      const button = h("button", {type: "button", class: primary, "data-export": key, title}, label)
      button.addEventListener("click", () => {
        this.begin(label)
        this.ask(key, options(), ++this.number)
      })
      return button
    })
    return h("div", {class: "buttons"}, ...made)
  }

  /** @param {{panels: [string, string][], words: string, view: import("./view_form.js").View | null}} what */
  open({panels, words, view}) {
    this.form.offer(panels)
    this.view.offer(view)
    this.words.textContent = words
    this.text.clear()
    this.done("")
    if (!this.frame.isOpen) this.frame.show()
  }

  /** @param {string} label */
  begin(label) {
    this.text.clear()
    this.ended = this.busy ? ` ${this.making} was ended for it.` : ""
    this.making = label
    this.say({words: `Making: ${label} …${this.ended}`, busy: true})
  }

  /** What was asked for is no longer wanted; the server drops it. */
  drop() {
    if (this.busy) this.cancel()
    this.busy = false
  }

  /**
   * So much of it is made; how much, nobody knows at first.
   * @param {number} part from 0 to 1
   */
  reach(part) {
    this.progress.value = part
  }

  /** @param {string} words */
  done(words) {
    this.say({words})
  }

  /**
   * Whether this is the answer that is waited for: the one to what was cancelled may still come.
   * @param {number} number
   */
  awaits(number) {
    return this.busy && number === this.number
  }

  /** The connection was lost, and with it what was on its way. */
  lose() {
    if (this.busy) this.say({error: "The connection was lost meanwhile: ask once more."})
  }

  /**
   * @param {string} text which is to be copied
   * @param {string} note a sentence on it
   */
  show(text, note) {
    this.say({})
    this.text.show(text, note)
  }

  /** @param {{words?: string, error?: string, busy?: boolean}} what */
  say({words = "", error = "", busy = false}) {
    this.busy = busy
    this.status.textContent = words
    this.error.textContent = error
    this.stop.hidden = this.progress.hidden = !busy
    this.progress.removeAttribute("value")
  }
}
