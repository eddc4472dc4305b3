// The code of a room, for the projector; and who is in it, for the teacher.
import {copy} from "../shared/copy.js"
import {focused, h, put} from "../shared/dom.js"
import {picture} from "../share/qr.js"
import {button, some, toggle, turn} from "./parts.js"

const LOCAL = /^(localhost|127\..*|\[::1\])$/
const HERE =
  "This address leads to this computer alone: open Spark by this computer’s name in the network, and the room there."

/** @typedef {{id: string, name: string, removed: boolean}} Person */

export class Code {
  /**
   * @param {(said: object) => void} say
   * @param {() => void} deleted
   */
  constructor(say, deleted) {
    this.say = say
    this.room = {code: "", key: ""}
    this.code = h("p", {class: "big", translate: "no"})
    this.address = h("p", {class: "address"})
    this.qr = h("div", {class: "qr"})
    this.told = h("p", {class: "told", role: "status"})
    this.link = h("input", {
      type: "text",
      class: "visually-hidden",
      readonly: true,
      tabindex: "-1",
      "aria-hidden": "true",
    })
    const told = (/** @type {string} */ words) => put(this.told, words)
    const student = button("quiet", "Copy the students’ link", () => this.copy(this.students(), told))
    const own = button("quiet", "Copy your own link", () => {
      this.copy(this.teachers(), (words) => told(`${words} Keep it to yourself: whoever has it teaches this room.`))
    })
    this.lock = toggle("Locked", (on) => say({type: "lock", on}), "Nobody else can join")
    this.anonymous = toggle("Without names", (on) => say({type: "anonymous", on}), "Wall and boards show no names")
    this.list = h("ul", {class: "people"})
    this.none = h("p", {class: "quiet"}, "Nobody has joined yet.")
    this.count = h("h3", {})
    const sure = button("danger", "Delete the room", () => {
      if (sure.dataset.sure) {
        say({type: "delete"})
        deleted()
      }
      sure.dataset.sure = "yes"
      put(sure, "Delete it with all that is in it: click again")
    })
    // A first click of long ago is no question that was answered.
    sure.addEventListener("blur", () => this.ask())
    this.sure = sure
    this.el = h(
      "div",
      {class: "code-page"},
      h("div", {class: "shown"}, this.qr, h("div", {}, this.address, this.code)),
      h(
        "div",
        {class: "keep"},
        h("div", {class: "buttons"}, student, own, this.lock, this.anonymous, this.link),
        this.told,
        this.count,
        this.none,
        this.list,
        sure,
      ),
    )
  }

  students() {
    return `${location.origin}${location.pathname}?room=${this.room.code}`
  }

  teachers() {
    return `${this.students()}#teach=${this.room.key}`
  }

  /** @param {string} text @param {(words: string) => void} told */
  copy(text, told) {
    this.link.value = text
    copy(this.link, told)
  }

  /** @param {{code: string, key: string}} room */
  enter(room) {
    this.room = room
    put(this.code, room.code)
    put(this.address, `${location.host}${location.pathname}?room=`)
    put(this.told, LOCAL.test(location.hostname) ? HERE : "")
    this.say({type: "qr", text: this.students()})
    this.ask()
  }

  /** Before anything is deleted. */
  ask() {
    delete this.sure.dataset.sure
    put(this.sure, "Delete the room")
  }

  /** @param {any} head */
  take(head) {
    if (head.qr) this.qr.replaceChildren(head.qr.rows ? picture(head.qr.rows) : head.qr.error)
    if (head.locked != null) turn(this.lock, head.locked)
    if (head.anonymous != null) turn(this.anonymous, head.anonymous)
    if (head.people) this.draw(head.people)
  }

  /** @param {Person[]} people */
  draw(people) {
    const here = people.filter(({removed}) => !removed).length
    put(this.count, some(here, "student"))
    this.none.hidden = people.length > 0
    const held = [...this.list.querySelectorAll("button")].findIndex((one) => one === focused())
    this.list.replaceChildren(...people.map(({id, name, removed}, at) => {
      const act = () => this.say({type: "remove", member: id, on: !removed})
      return h(
        "li",
        {class: removed ? "removed" : null},
        h("span", {}, name || `Student ${at + 1}`),
        button("quiet", removed ? "Let in again" : "Remove", act),
      )
    }))
    if (held >= 0) this.list.querySelectorAll("button")[held]?.focus()
  }
}
