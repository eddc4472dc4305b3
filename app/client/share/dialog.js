// The dialog behind "Share": the link, and the states that were kept.
import {h} from "../shared/dom.js"
import {picture} from "./qr.js"
import {read, states, store, written} from "./shelf.js"

const LASTING = 10_000 // ms that the browser has to save a file
const LARGEST = 20_000_000 // characters of a file that is read

export class ShareDialog {
  /**
   * @param {object} on
   * @param {(said: object) => void} on.say to the server
   * @param {() => {link: string, title: string, whole: string | null}} on.now the session as text
   * @param {() => string} on.thumbnail
   */
  constructor(on) {
    this.on = on
    this.suggested = ""
    this.link = h("input", {type: "text", readonly: true, "aria-label": "Link to what is shown"})
    this.copy = button("Copy link", "primary", () => this.copied())
    this.show = button("QR code", "", () => this.code())
    this.room = h("div", {class: "code"})
    this.told = h("p", {class: "told", role: "status"})
    this.name = h("input", {type: "text", maxlength: "80", "aria-label": "Name of the state", placeholder: "Name"})
    const keep = button("Keep this state", "", () => this.keep())
    this.list = h("ul", {class: "states"})
    this.none = h("p", {class: "none"}, "Nothing is kept yet. A state that is kept stays in this browser.")
    this.file = h("input", {type: "file", accept: ".json,application/json", hidden: true, tabindex: "-1"})
    this.file.addEventListener("change", () => this.take())
    this.export = button("Export all", "", () => this.give())
    const bring = button("Import …", "", () => this.file.click())
    const close = h("button", {type: "button", class: "close", "aria-label": "Close", title: "Close (Escape)"}, "×")
    close.addEventListener("click", () => this.el.close())
    this.el = h(
      "dialog",
      {"aria-labelledby": "share-title"},
      h("div", {class: "head"}, h("h2", {id: "share-title"}, "Share and keep"), close),
      h(
        "div",
        {class: "body"},
        h("h3", {}, "Link"),
        h("div", {class: "line"}, this.link, this.copy, this.show),
        this.room,
        h("h3", {}, "Kept states"),
        h("form", {class: "line"}, this.name, keep),
        this.told,
        this.none,
        this.list,
        h("div", {class: "line foot"}, this.export, bring, this.file),
      ),
    )
    this.el.querySelector("form")?.addEventListener("submit", (event) => {
      event.preventDefault()
      this.keep()
    })
    this.link.addEventListener("focus", () => this.link.select())
    this.el.addEventListener("click", (event) => {
      if (event.target === this.el) this.el.close()
    })
  }

  open() {
    if (this.el.open) return
    this.say("")
    this.room.replaceChildren()
    this.renew()
    this.draw()
    this.el.showModal()
    this.copy.focus()
  }

  /** The link has changed. */
  renew() {
    this.link.value = location.href
    if (this.name.value === "" || this.name.value === this.suggested) this.name.value = this.on.now().title
    this.suggested = this.on.now().title
    if (this.on.now().whole) {
      this.say("The current has too many values for a link: keep the state, and send the file that Export all makes.")
    }
  }

  /**
   * @param {string} words
   * @param {() => void} [undo]
   */
  say(words, undo) {
    this.told.replaceChildren(words, ...(undo ? [" ", button("Undo", "", undo)] : []))
  }

  async copied() {
    this.link.select()
    try {
      await navigator.clipboard.writeText(this.link.value)
      this.say("Copied.")
    } catch {
      this.say("The browser does not let a page copy here: copy the marked link yourself (Ctrl+C).")
      this.link.focus()
    }
  }

  code() {
    const shown = this.room.childElementCount > 0
    this.room.replaceChildren()
    this.show.setAttribute("aria-expanded", String(!shown))
    if (!shown) this.on.say({type: "qr", text: this.link.value})
  }

  /** @param {{rows?: string[], error?: string}} found */
  drawn({rows, error}) {
    this.room.replaceChildren(rows ? picture(rows) : h("p", {}, error ?? ""))
    this.room.scrollIntoView({block: "nearest"})
  }

  keep() {
    const {link, title, whole} = this.on.now()
    const state = {
      name: this.name.value.trim() || title,
      title,
      link: whole ?? link,
      at: Date.now(),
      picture: this.on.thumbnail(),
    }
    this.change([state, ...states()], `Kept: ${state.name}.`)
  }

  /**
   * @param {import("./shelf.js").State[]} all
   * @param {string} words
   * @param {() => void} [undo]
   */
  change(all, words, undo) {
    try {
      store(all)
      this.say(words, undo)
    } catch (error) {
      this.say(/** @type {Error} */ (error).message)
    }
    this.draw()
  }

  draw() {
    const all = states()
    this.none.hidden = all.length > 0
    this.export.disabled = all.length === 0
    this.list.replaceChildren(...all.map((state, place) => {
      const name = h("input", {type: "text", maxlength: "80", value: state.name, "aria-label": `Name of ${state.name}`})
      name.addEventListener("change", () => {
        const now = states()
        now[place] = {...now[place], name: name.value.trim() || state.title}
        this.change(now, "Renamed.")
      })
      const open = button("Open", "", () => this.leave({type: "open", link: state.link}))
      const pin = button("Pin", "", () => this.leave({type: "pin", link: state.link}))
      pin.title = "Keep it behind the live run, in Compare"
      const gone = h(
        "button",
        {type: "button", class: "close", title: "Delete", "aria-label": `Delete ${state.name}`},
        "×",
      )
      gone.addEventListener("click", () => {
        const before = states()
        this.change(
          before.filter((_, i) => i !== place),
          `Deleted: ${state.name}.`,
          () => this.change(before, "It is back."),
        )
      })
      const stamp = state.picture
        ? h("img", {src: state.picture, alt: "", width: "150", height: "48"})
        : h("span", {class: "stamp"})
      const when = new Date(state.at).toLocaleString([], {dateStyle: "medium", timeStyle: "short"})
      const about = h("div", {class: "about"}, name, h("small", {}, `${state.title} · ${when}`))
      return h("li", {}, stamp, about, open, pin, gone)
    }))
  }

  /** @param {object} said */
  leave(said) {
    this.el.close()
    this.on.say(said)
  }

  give() {
    const link = h("a", {download: `spark-states-${new Date().toISOString().slice(0, 10)}.json`})
    link.href = URL.createObjectURL(new Blob([written(states())], {type: "application/json"}))
    link.click()
    setTimeout(() => URL.revokeObjectURL(link.href), LASTING)
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

  /** @param {import("./shelf.js").State[]} more those that are there already are not doubled */
  add(more) {
    const all = states(), known = new Set(all.map(({link, name}) => `${name} ${link}`))
    const fresh = more.filter(({link, name}) => !known.has(`${name} ${link}`))
    this.change([...fresh, ...all], `${fresh.length} of ${more.length} states taken in, the others were there.`)
  }
}

/**
 * @param {string} text
 * @param {string} kind
 * @param {() => void} press
 */
function button(text, kind, press) {
  const made = h("button", {type: "button", class: kind}, text)
  made.addEventListener("click", press)
  return made
}
