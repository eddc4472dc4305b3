// A text that goes to the clipboard, and is shown.
import {copy} from "../shared/copy.js"
import {h} from "../shared/dom.js"

export class CopiedText {
  /** @param {(words: string) => void} told says what became of it */
  constructor(told) {
    this.told = told
    this.box = h("textarea", {
      readonly: true,
      rows: "9",
      spellcheck: "false",
      wrap: "off",
      "aria-label": "Text to copy",
    })
    const again = h("button", {type: "button"}, "Copy again")
    again.addEventListener("click", () => this.copy())
    this.note = h("p", {class: "note"})
    this.el = h("div", {class: "copied", hidden: true}, this.note, this.box, again)
  }

  clear() {
    this.el.hidden = true
    this.box.value = ""
  }

  /**
   * @param {string} text
   * @param {string} note stands above it, where there is one
   */
  show(text, note) {
    this.note.textContent = note
    this.note.hidden = !note
    this.box.value = text
    this.el.hidden = false
    this.el.scrollIntoView({block: "nearest"})
    this.copy()
  }

  copy() {
    copy(this.box, this.told)
  }
}
