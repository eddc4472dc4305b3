// What was changed, to be taken back and done again: two buttons, two keys, and a list of all of it.
import {h, subscripted} from "../shared/dom.js"
import {onKey} from "../shared/keys.js"
import {icon} from "./icons.js"

export class Changes {
  /**
   * @param {(key: "undo" | "redo") => void} step
   * @param {(at: number) => void} go until so many are done
   */
  constructor(step, go) {
    this.go = go
    /** @param {"undo" | "redo"} key @param {string} label @param {boolean} worded */
    const made = (key, label, worded) => {
      const one = button(key, label, worded)
      one.addEventListener("click", () => step(key))
      return one
    }
    this.undo = made("undo", "Undo", false)
    this.redo = made("redo", "Redo", false)
    /** The same in the menu of a phone. */
    this.worded = [made("undo", "Undo", true), made("redo", "Redo", true)]
    this.more = button("down", "What was changed", false)
    this.more.setAttribute("popovertarget", "changes")
    this.more.dataset.key = "changes"
    this.list = h("ol", {})
    this.menu = h("div", {class: "menu changes", id: "changes", popover: "auto"}, this.list)
    /** @type {string[]} */
    this.words = []
    this.at = 0
    this.menu.addEventListener("beforetoggle", () => {
      this.fill()
      const {bottom, left} = this.more.getBoundingClientRect()
      this.menu.style.top = `${bottom + 4}px`
      this.menu.style.left = `${Math.max(8, Math.min(left, innerWidth - 340))}px`
    })
    this.menu.addEventListener("toggle", () => {
      for (const one of this.list.querySelectorAll("button")) if (one.ariaCurrent === "true") one.focus()
    })
    this.list.addEventListener("keydown", (event) => {
      const way = {ArrowDown: 1, ArrowUp: -1}[event.key]
      if (way == null) return
      event.preventDefault()
      const all = /** @type {HTMLElement[]} */ ([...this.list.querySelectorAll("button")])
      const root = /** @type {ShadowRoot} */ (this.list.getRootNode())
      all[all.indexOf(/** @type {HTMLElement} */ (root.activeElement)) + way]?.focus()
    })
    this.el = h(
      "div",
      {class: "history", role: "group", "aria-label": "Changes"},
      this.undo,
      this.redo,
      this.more,
      this.menu,
    )
    this.keys = [
      onKey("Ctrl+z", "Undo the last change", () => this.undo.click()),
      onKey("Ctrl+Shift+z", "Redo it", () => this.redo.click()),
      onKey("Ctrl+y", "Redo it", () => this.redo.click()),
    ]
    this.show([], 0)
  }

  /**
   * @param {string[]} words of every change, the first one first
   * @param {number} at how many of them are done
   */
  show(words, at) {
    for (const one of [this.undo, this.worded[0]]) name(one, "Undo", words[at - 1], "Ctrl+Z")
    for (const one of [this.redo, this.worded[1]]) name(one, "Redo", words[at], "Shift+Ctrl+Z")
    this.more.disabled = words.length === 0
    this.words = words
    this.at = at
    if (this.menu.matches(":popover-open")) this.fill()
  }

  /** The list: it may be long, and is made when somebody looks. */
  fill() {
    const steps = ["As it began", ...this.words].map((text, place) => {
      const one = h(
        "button",
        {type: "button", "aria-current": String(place === this.at), class: place > this.at ? "undone" : ""},
        ...signs(text),
      )
      one.addEventListener("click", () => {
        this.menu.hidePopover()
        this.go(place)
      })
      return h("li", {}, one)
    })
    this.list.replaceChildren(...steps.reverse())
  }

  leave() {
    for (const off of this.keys) off()
  }
}

/**
 * Words in which signs such as "τ_m" have their subscripts.
 * @param {string} text
 */
const signs = (text) => text.split(/(\S+_\w+)/).flatMap((part, place) => place % 2 ? subscripted(part) : [part])

/**
 * @param {string} sign
 * @param {string} label
 * @param {boolean} worded
 */
function button(sign, label, worded) {
  const made = h("button", {type: "button", "data-key": sign, title: label, "aria-label": label})
  made.append(icon(sign), ...(worded ? [h("span", {}, label)] : []))
  return made
}

/**
 * @param {HTMLButtonElement} button
 * @param {string} verb
 * @param {string | undefined} what
 * @param {string} keys
 */
function name(button, verb, what, keys) {
  button.disabled = what == null
  const plain = what?.replaceAll("_", "")
  button.title = what == null ? `Nothing to ${verb.toLowerCase()}` : `${verb}: ${plain} (${keys})`
  button.setAttribute("aria-label", what == null ? verb : `${verb}: ${plain}`)
}
