// A few words at the bottom of the page, with what can be done about them.
import {h} from "../shared/dom.js"

const SHOWN = 9000 // ms, longer while a hand or the keyboard is on it

/**
 * @typedef {object} Words
 * @property {string} words
 * @property {"said" | "offer" | "error" | "lost"} [kind]
 * @property {[label: string, act: () => void][]} [actions]
 * @property {boolean} [stays] until it is closed
 */

export class Toast {
  constructor() {
    this.text = h("span", {class: "words"})
    this.actions = h("span", {class: "actions"})
    const close = h("button", {type: "button", class: "close", "aria-label": "Close", title: "Close"}, "×")
    close.addEventListener("click", () => this.hide())
    this.el = h("div", {class: "toast", role: "status", popover: "manual"}, this.text, this.actions, close)
    this.close = close
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined
    /** @type {Words["kind"]} */
    this.kind = "said"
    this.gone = false
    /** @type {Words | null} */
    this.next = null
    for (const event of ["pointerenter", "focusin"]) this.el.addEventListener(event, () => clearTimeout(this.timer))
    for (const event of ["pointerleave", "focusout"]) this.el.addEventListener(event, () => this.wait())
  }

  /** @param {Words} said */
  show(said) {
    const {words, kind = "said", actions = [], stays = false} = said
    if (this.kind === "lost" && this.el.matches(":popover-open") && kind !== "lost") {
      this.next = said // nothing is more pressing than a server that is away
      return
    }
    this.kind = kind
    this.stays = stays || kind === "lost"
    this.el.dataset.kind = kind
    this.text.textContent = words
    this.actions.replaceChildren(...actions.map(([label, act]) => {
      const button = h("button", {type: "button"}, label)
      button.addEventListener("click", () => {
        this.hide()
        act()
      })
      return button
    }))
    this.close.hidden = kind === "lost"
    this.appear()
    this.wait()
  }

  /** Above everything but an open dialog; as soon as it is in the page. */
  appear() {
    if (this.el.isConnected) this.el.showPopover()
    else if (!this.gone) requestAnimationFrame(() => this.appear())
  }

  wait() {
    clearTimeout(this.timer)
    if (!this.stays) this.timer = setTimeout(() => this.hide(), SHOWN)
  }

  hide() {
    clearTimeout(this.timer)
    if (this.el.isConnected) this.el.hidePopover()
    const next = this.next
    this.next = null
    if (next) this.show(next)
  }

  leave() {
    this.gone = true
    clearTimeout(this.timer)
  }
}
