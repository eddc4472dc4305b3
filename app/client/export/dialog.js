// The dialog itself: three groups of what can be taken along, and one line that says how far it is.
import {h} from "../shared/dom.js"
import {FigureForm} from "./figure_form.js"
import {CopiedText} from "./copied_text.js"

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
   * @param {(what: string, options: object) => void} ask
   * @param {() => void} cancel
   */
  constructor(offers, ask, cancel) {
    this.ask = ask
    this.cancel = cancel
    this.busy = false
    this.form = new FigureForm(offers)
    this.text = new CopiedText((words) => this.done(words))
    this.words = h("p", {class: "words", id: "export-words"})
    this.status = h("p", {role: "status"})
    this.error = h("p", {class: "fault", role: "alert"})
    this.stop = h("button", {type: "button", class: "stop", hidden: true}, "Cancel")
    const close = h("button", {type: "button", class: "close", "aria-label": "Close", title: "Close (Escape)"}, "×")
    /** @param {string} name @param {string} title @param {...Node} inside */
    const group = (name, title, ...inside) =>
      h(
        "section",
        {class: name, "aria-labelledby": `export-${name}`},
        h("h3", {id: `export-${name}`}, title),
        ...inside,
      )
    this.el = h(
      "dialog",
      {"aria-labelledby": "export-title", "aria-describedby": "export-words"},
      h("div", {class: "head"}, h("h2", {id: "export-title"}, "Export"), close),
      h(
        "div",
        {class: "groups", tabindex: "-1"},
        this.words,
        group("figure", "Figure", this.form.el, this.buttons(offers.pictures, () => this.form.options())),
        group("data", "Data", this.buttons(offers.data)),
        group("code", "Code: copy as", this.buttons(offers.code), this.text.el),
      ),
      h("div", {class: "foot"}, h("span", {class: "bar", "aria-hidden": "true"}), this.status, this.error, this.stop),
    )
    close.addEventListener("click", () => this.el.close())
    this.stop.addEventListener("click", () => {
      this.drop()
      this.done("Cancelled.")
    })
    this.el.addEventListener("click", (event) => { // on the backdrop
      if (event.target === this.el) this.el.close()
    })
    this.el.addEventListener("close", () => {
      this.drop()
      this.before?.focus()
    })
    /** @type {HTMLElement | null} what had the focus */
    this.before = null
  }

  /**
   * @param {Offer[]} offers
   * @param {() => object} options
   */
  buttons(offers, options = () => ({})) {
    const made = offers.map(({key, label, title}) => {
      const button = h("button", {type: "button", "data-export": key, title}, label)
      button.addEventListener("click", () => {
        this.begin(label)
        this.ask(key, options())
      })
      return button
    })
    return h("div", {class: "buttons"}, ...made)
  }

  /** @param {{panels: [string, string][], words: string}} what */
  open({panels, words}) {
    this.form.offer(panels)
    this.words.textContent = words
    this.text.clear()
    this.done("")
    if (this.el.open) return
    this.before = focused()
    this.el.showModal()
  }

  /** @param {string} label */
  begin(label) {
    this.text.clear()
    this.say({words: `Making: ${label} …`, busy: true})
  }

  /** What was asked for is no longer wanted; the server drops it. */
  drop() {
    if (this.busy) this.cancel()
    this.busy = false
  }

  /** @param {string} words */
  done(words) {
    this.say({words})
  }

  /** @param {string} error */
  complain(error) {
    if (this.busy) this.say({error})
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
    this.stop.hidden = !busy
    this.el.toggleAttribute("data-busy", busy)
  }
}

/** What has the focus, in whichever shadow root. */
function focused() {
  let found = document.activeElement
  while (found?.shadowRoot?.activeElement) found = found.shadowRoot.activeElement
  return found instanceof HTMLElement ? found : null
}
