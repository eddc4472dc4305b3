// A dialog over the page: a head with its title, and every way to close it. The focus comes back to what had it.
import {h} from "./dom.js"

export class Dialog {
  /**
   * @param {{key: string, title: string, about?: string, tools?: Node[]}} head `about` is the id of what describes it
   * @param {...Node} inside
   */
  constructor({key, title, about, tools = []}, ...inside) {
    /** @type {HTMLElement | null} what had the focus */
    this.before = null
    const close = h("button", {type: "button", class: "close", "aria-label": "Close", title: "Close (Escape)"}, "×")
    close.addEventListener("click", () => this.close())
    const name = `${key}-title`
    this.el = h(
      "dialog",
      {"aria-labelledby": name, "aria-describedby": about},
      h("div", {class: "head"}, h("h2", {id: name}, title), ...tools, close),
      ...inside,
    )
    let beside = false // a press that began in the dialog, to select a text, and ends beside it closes nothing
    this.el.addEventListener("pointerdown", ({target}) => beside = target === this.el)
    this.el.addEventListener("click", ({target}) => beside && target === this.el && this.close())
    this.el.addEventListener("close", () => this.before?.focus())
  }

  get isOpen() {
    return this.el.open
  }

  show() {
    this.before = focused()
    this.el.showModal()
  }

  close() {
    this.el.close()
  }
}

/** What has the focus, in whichever shadow root. */
function focused() {
  let found = document.activeElement
  while (found?.shadowRoot?.activeElement) found = found.shadowRoot.activeElement
  return found instanceof HTMLElement ? found : null
}
