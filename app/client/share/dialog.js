// The dialog behind "Share": the link, and the states that were kept.
import {earlier} from "../keeper/stored.js"
import {copy} from "../shared/copy.js"
import {Dialog} from "../shared/dialog.js"
import {h} from "../shared/dom.js"
import {save} from "../shared/download.js"
import {KeptStates, pressed} from "./kept_states.js"
import {picture} from "./qr.js"
import {cut, fresh, LONGEST, made, read, states, store, written} from "./shelf.js"

const LARGEST = 20_000_000 // characters of a file that is read

const FILE = "keep the state, and send the file that Export all makes"
const OWN_FILE = "save the state as a file, by Export, and import that here"
const LOCAL = /^(localhost|127\..*|\[::1\])$/
const HERE = "This address leads to this computer: on another one it opens where Spark runs there as well."

/** @typedef {import("./shelf.js").State} State */

export class ShareDialog {
  /**
   * @param {object} on
   * @param {(said: object) => void} on.say to the server
   * @param {() => {link: string, title: string, whole: string | null, long: boolean}} on.now the session as text
   * @param {() => string} on.thumbnail
   */
  constructor(on) {
    this.on = on
    this.suggested = ""
    this.taken = "" // the link that was copied since the dialog opened
    this.link = h("input", {type: "text", readonly: true, "aria-label": "Link to what is shown"})
    this.link.addEventListener("focus", () => this.link.select())
    this.copy = pressed("Copy link", {class: "primary"}, () => copy(this.link, (words) => this.copied(words)))
    this.show = pressed("QR code", {"aria-expanded": "false"}, () => this.code())
    this.room = h("div", {class: "code"})
    this.reach = h("p", {class: "reach"})
    this.told = h("p", {class: "told", role: "status"})
    const most = LONGEST.name
    this.name = h("input", {type: "text", maxlength: most, "aria-label": "Name of the state", placeholder: "Name"})
    const form = h("form", {class: "line"}, this.name, h("button", {type: "submit"}, "Keep this state"))
    form.addEventListener("submit", (event) => {
      event.preventDefault()
      this.keep()
    })
    this.list = new KeptStates({
      rename: (state, name) => this.rename(state, name),
      open: ({link}) => this.leave({type: "open", link}),
      pin: ({link}) => this.leave({type: "pin", link}),
      remove: (state) => this.remove(state),
    })
    this.none = h("p", {class: "none"}, "Nothing is kept yet. A state that is kept stays in this browser.")
    this.before = h("p", {class: "line before"})
    this.file = h("input", {type: "file", accept: ".json,application/json", hidden: true, tabindex: "-1"})
    this.file.addEventListener("change", () => this.take())
    this.export = pressed("Export all", {}, () => {
      const name = `spark-states-${new Date().toISOString().slice(0, 10)}.json`
      save(name, written(states()), "application/json")
    })
    const bring = pressed("Import …", {}, () => this.file.click())
    this.frame = new Dialog(
      {key: "share", title: "Share and keep"},
      h(
        "div",
        {class: "body"},
        h("h3", {}, "Link"),
        h("div", {class: "line"}, this.link, this.copy, this.show),
        this.reach,
        this.room,
        h("h3", {}, "Kept states"),
        form,
        this.told,
        this.none,
        this.list.el,
        this.before,
        h("div", {class: "line foot"}, this.export, bring, this.file),
      ),
    )
    this.el = this.frame.el
  }

  open() {
    if (this.frame.isOpen) return
    this.say("")
    this.taken = ""
    this.fold()
    this.renew()
    this.draw()
    this.frame.show()
    this.copy.focus()
  }

  /** The link has changed. It is the server's last word: a browser may refuse to write it as the page's address. */
  renew() {
    const {link, title, whole, long} = this.on.now(), here = new URL(location.href)
    here.hash = link
    const stale = this.taken !== "" && this.taken !== here.href
    this.link.value = here.href
    if (this.name.value === "" || this.name.value === this.suggested) this.name.value = cut(title, LONGEST.name)
    this.suggested = cut(title, LONGEST.name)
    const local = LOCAL.test(location.hostname) ? HERE : ""
    this.reach.textContent = long ? `The current has too many values for a link: ${whole ? FILE : OWN_FILE}.` : local
    if (stale) this.say("The link has changed since it was copied: copy it again.")
  }

  /** @param {string} words */
  copied(words) {
    const {long, whole} = this.on.now()
    this.taken = this.link.value
    this.say(long ? `${words} It opens nowhere without the current: ${whole ? FILE : OWN_FILE}.` : words)
  }

  /**
   * @param {string} words
   * @param {() => void} [undo]
   */
  say(words, undo) {
    this.told.replaceChildren(words, ...(undo ? [" ", pressed("Undo", {}, undo)] : []))
  }

  code() {
    if (this.show.getAttribute("aria-expanded") === "true") return this.fold()
    this.show.setAttribute("aria-expanded", "true")
    this.on.say({type: "qr", text: this.link.value})
  }

  fold() {
    this.room.replaceChildren()
    this.show.setAttribute("aria-expanded", "false")
  }

  /** @param {{rows?: string[], error?: string}} found */
  drawn({rows, error}) {
    this.room.replaceChildren(rows ? picture(rows) : h("p", {}, error ?? ""))
    this.room.scrollIntoView({block: "nearest"})
  }

  /** What is kept has changed, here or in another tab. */
  draw() {
    const all = states()
    this.none.hidden = all.length > 0
    this.export.disabled = all.length === 0
    this.list.draw(all)
    const before = earlier()
    const open = () => this.leave({type: "open", link: before?.whole ?? before?.link})
    this.before.replaceChildren(...(before ? [`The session before: ${before.title}`, pressed("Open", {}, open)] : []))
  }

  /**
   * @param {(all: State[]) => State[]} act
   * @param {string} words
   * @param {() => void} [undo]
   */
  change(act, words, undo) {
    try {
      store(act(states()))
      this.say(words, undo)
    } catch (error) {
      this.say(/** @type {Error} */ (error).message)
    }
    this.draw()
  }

  keep() {
    const {link, title, whole, long} = this.on.now()
    if (long && !whole) return this.say(`The current has too many values to be kept here: ${OWN_FILE}.`)
    const state = made({
      name: this.name.value.trim() || title,
      title,
      link: whole ?? link,
      picture: this.on.thumbnail(),
    })
    this.change((all) => [state, ...all], `Kept: ${state.name}.`)
  }

  /** @param {State} state @param {string} name */
  rename({id, title}, name) {
    const named = cut(name.trim() || title, LONGEST.name)
    const there = states().some((one) => one.id === id)
    this.change(
      (all) => all.map((one) => one.id === id ? {...one, name: named} : one),
      there ? "Renamed." : "It was deleted in another tab.",
    )
  }

  /** @param {State} state which comes back below the one that it was below */
  remove(state) {
    const before = states(), above = before[before.findIndex(({id}) => id === state.id) - 1]?.id
    const back = () =>
      this.change((all) => all.toSpliced(all.findIndex(({id}) => id === above) + 1, 0, state), "It is back.")
    this.change((all) => all.filter(({id}) => id !== state.id), `Deleted: ${state.name}.`, back)
  }

  /** @param {object} said */
  leave(said) {
    this.frame.close()
    this.on.say(said)
  }

  async take() {
    const [file] = this.file.files ?? []
    this.file.value = ""
    if (file == null) return
    try {
      if (file.size > LARGEST) throw new Error("This file is too large: states take at most 20 MB.")
      const found = read(await file.text())
      if ("session" in found) this.leave({type: "document", document: found.session})
      else this.add(found.states)
    } catch (error) {
      this.say(/** @type {Error} */ (error).message)
    }
  }

  /** @param {State[]} more */
  add(more) {
    const {length} = fresh(more, states())
    this.change(
      (all) => [...fresh(more, all), ...all],
      length === more.length
        ? `${length} taken in.`
        : `${length} of ${more.length} states taken in, the others were there.`,
    )
  }
}
