// The door: join a room by its code, or open one. Nobody needs an account, nor a name.
import {Dialog} from "../shared/dialog.js"
import {h, put} from "../shared/dom.js"
import {remember, remembered} from "../shared/remembered.js"
import {field} from "./parts.js"

const NAME = "class name", LONGEST = 40

export class Door {
  /**
   * @param {object} on
   * @param {(code: string, name: string) => void} on.join
   * @param {() => void} on.open a room of one's own
   */
  constructor(on) {
    this.code = h("input", {
      type: "text",
      class: "code",
      autocomplete: "off",
      autocapitalize: "characters",
      spellcheck: "false",
      maxlength: "12",
      placeholder: "K7WR3T",
    })
    this.name = h("input", {type: "text", maxlength: LONGEST, autocomplete: "off", placeholder: "none"})
    this.name.value = remembered(NAME) ?? ""
    this.told = h("p", {class: "told", role: "status"})
    const join = h(
      "form",
      {class: "side", novalidate: true},
      h("h3", {}, "Join a room"),
      field("Code", this.code),
      field("Your name, if you like", this.name),
      h("p", {class: "quiet"}, "Your teacher sees this name and the values that you choose, until the room ends."),
      h("button", {type: "submit", class: "primary"}, "Join"),
    )
    join.addEventListener("submit", (event) => {
      event.preventDefault()
      const code = this.code.value.trim()
      if (!code) {
        this.say("Type the code of the room: your teacher has it.")
        this.code.focus()
        return
      }
      remember(NAME, this.name.value.trim() || null)
      this.say("Joining …")
      on.join(code, this.name.value.trim())
    })
    const make = h("button", {type: "button"}, "Open a room")
    make.addEventListener("click", () => {
      this.say("Opening …")
      on.open()
    })
    const teach = h(
      "div",
      {class: "side"},
      h("h3", {}, "Teach"),
      h(
        "p",
        {},
        "Open a room, show its code, and the class follows your sliders, answers your polls, and stands on one wall.",
      ),
      h("p", {class: "quiet"}, "No accounts. All of it is deleted after 30 days, or when you say so."),
      make,
    )
    this.frame = new Dialog(
      {key: "door", title: "Classroom"},
      h("div", {class: "door"}, join, teach),
      this.told,
    )
    this.el = this.frame.el
  }

  /** @param {string} [code] of a link */
  show(code) {
    this.say("")
    if (code) this.code.value = code
    if (!this.frame.isOpen) this.frame.show()
    ;(code ? this.name : this.code).focus()
  }

  close() {
    if (this.frame.isOpen) this.frame.close()
  }

  /** @param {string} words */
  say(words) {
    put(this.told, words)
  }
}
