// The bar of whoever is in a room: where one is, who is followed, and what can be opened.
import {focused, h, put} from "../shared/dom.js"
import {button, some, toggle, turn} from "./parts.js"

export class Bar {
  /**
   * @param {object} on
   * @param {(said: object) => void} on.say
   * @param {(name: string) => void} on.toggle a page of the sheet
   * @param {() => void} on.leave
   * @param {() => void} on.back to what the teacher shows
   */
  constructor(on) {
    this.room = h("strong", {translate: "no"})
    this.who = h("span", {class: "who"})
    this.following = toggle(
      "Students follow",
      (yes) => on.say({type: "follow", on: yes}),
      "Their pages show what yours shows",
    )
    this.state = h("span", {class: "state", role: "status"})
    this.back = button("quiet", "Follow again", () => {
      this.say("")
      on.back()
      on.say({type: "attach", on: true})
    })
    this.alone = button("quiet", "Explore alone", () => on.say({type: "attach", on: false}))
    this.told = h("p", {class: "told", role: "alert"})
    /** @type {Object<string, HTMLButtonElement>} */
    this.pages = {
      wall: button("page", "Wall", () => on.toggle("wall"), "What every student has"),
      poll: button("page", "Poll", () => on.toggle("poll"), "Ask the class"),
      race: button("page", "Race", () => on.toggle("race"), "One mystery neuron for all"),
      code: button("page", "Code", () => on.toggle("code"), "The code of the room, and who is in it"),
    }
    for (const one of Object.values(this.pages)) one.removeAttribute("aria-label")
    this.el = h(
      "nav",
      {class: "bar", "aria-label": "Classroom", hidden: true, tabindex: "-1"},
      h(
        "div",
        {class: "row"},
        h("span", {class: "where"}, "Room ", this.room, this.who),
        this.following,
        this.state,
        this.back,
        this.alone,
        h("span", {class: "pages"}, ...Object.values(this.pages)),
      ),
      button("icon", "×", on.leave, "Leave the room: it goes on without you"),
      this.told,
    )
    this.role = ""
    this.shown = {following: true, attached: true}
  }

  /** The page that a key opens. */
  get first() {
    return this.role === "teacher" ? "code" : "poll"
  }

  /** @param {{code: string, role: string, name?: string} | null} room */
  enter(room) {
    this.role = room?.role ?? ""
    this.el.hidden = room == null
    this.el.dataset.role = this.role
    this.say("")
    if (room == null) return
    put(this.room, room.code)
    put(this.who, room.name ? ` · ${room.name}` : "")
    const teaches = room.role === "teacher"
    this.following.hidden = !teaches
    this.state.hidden = teaches
    for (const name of ["wall", "code"]) this.pages[name].hidden = !teaches
    for (const name of ["poll", "race"]) this.pages[name].hidden = !teaches
    this.tell()
  }

  /** @param {string} name of the page that is open, "" for none */
  opened(name) {
    this.say("")
    for (const [one, made] of Object.entries(this.pages)) made.setAttribute("aria-expanded", String(one === name))
  }

  /** @param {string} words */
  say(words) {
    put(this.told, words)
  }

  /** @param {any} head */
  take(head) {
    if (head.count != null && this.role === "teacher") put(this.who, ` · ${some(head.count, "student")}`)
    if (this.role === "student") {
      for (const name of ["poll", "race"]) if (name in head) this.pages[name].hidden = head[name] == null
    }
    if (head.following != null) this.shown.following = head.following
    if (head.attached != null) this.shown.attached = head.attached
    this.tell()
  }

  tell() {
    const {following, attached} = this.shown, student = this.role === "student"
    turn(this.following, following)
    const now = focused(), held = now === this.back || now === this.alone
    this.back.hidden = !(student && following && !attached)
    this.alone.hidden = !(student && following && attached)
    if (held) (this.back.hidden ? this.alone : this.back).focus()
    put(
      this.state,
      !following ? "Your teacher lets you explore" : attached ? "You follow your teacher" : "You explore alone",
    )
  }
}
