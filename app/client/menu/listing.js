// The list of a menu, over everything else in the page; it exists only while it is open.
import {h, put} from "../shared/dom.js"
import {entry, grouped} from "./options.js"
import {placed} from "./place.js"
import {holds, named, TypeAhead} from "./seek.js"

const PAGE = 8 // options that PageUp and PageDown pass

export class Listing {
  /**
   * @param {HTMLButtonElement} field which opens it, and has the focus where no search field is
   * @param {import("./menu.js").Shown} state
   * @param {() => string} current
   * @param {(value: string) => void} choose
   */
  constructor(field, state, current, choose) {
    this.field = field
    this.state = state
    this.current = current
    this.choose = choose
    this.ahead = new TypeAhead()
    this.all = this.byPointer = false
    this.active = -1
    /** @type {{element: HTMLElement, value: string | null, text: string}[]} */
    this.rows = []
    this.search = h("input", {
      type: "search",
      class: "search",
      role: "combobox",
      "aria-label": state.search,
      "aria-autocomplete": "list",
      "aria-expanded": "true",
      "aria-controls": "list",
      placeholder: state.search,
      autocomplete: "off",
      spellcheck: "false",
    })
    this.none = h("p", {role: "status"})
    this.element = h("div", {class: "popup", popover: "auto"})
    this.listen()
  }

  get isOpen() {
    return this.element.childElementCount > 0
  }

  listen() {
    let wasOpen = false
    this.field.addEventListener("pointerdown", () => {
      wasOpen = this.isOpen // a press outside the list closes it before the click comes
    })
    this.field.addEventListener("click", ({detail}) => {
      if (!wasOpen) this.open("", detail > 0)
      wasOpen = false
    })
    this.field.addEventListener("keydown", (event) => this.press(event))
    this.search.addEventListener("keydown", (event) => this.press(event))
    this.search.addEventListener("input", () => this.fill())
    this.element.addEventListener("beforetoggle", (event) => {
      if (event.newState === "closed") this.closed()
    })
    this.element.addEventListener("pointermove", ({target, pointerType}) => {
      const at = this.at(target)
      if (pointerType === "mouse" && at >= 0) this.activate(at, false)
    })
    this.element.addEventListener("mousedown", (event) => {
      if (event.target !== this.search) event.preventDefault() // the focus stays where it is
    })
    this.element.addEventListener("click", ({target}) => this.pick(this.at(target)))
  }

  /** @param {EventTarget | null} target */
  at(target) {
    return this.rows.findIndex(({element}) => element.contains(/** @type {Node} */ (target)))
  }

  open(query = "", byPointer = false) {
    if (this.isOpen) return
    this.byPointer = byPointer
    const {state, search} = this
    this.all = false
    search.value = query
    this.element.replaceChildren(
      ...(state.search ? [h("div", {class: "top"}, search)] : []),
      h("div", {class: "list", id: "list", role: "listbox", tabindex: "-1", "aria-label": state.label}),
      this.none,
    )
    this.field.setAttribute("aria-expanded", "true")
    this.field.setAttribute("aria-controls", "list")
    this.element.showPopover()
    this.place = placed(this.field, this.element)
    // A finger that opens it would be covered by a keyboard at once.
    if (state.search && (query || !matchMedia("(pointer: coarse)").matches)) search.focus({preventScroll: true})
    this.fill()
  }

  /** Open it with the focus in its search. */
  seek() {
    this.open()
    this.search.focus({preventScroll: true})
  }

  close() {
    if (!this.isOpen) return
    this.element.hidePopover()
    this.closed()
    if (this.byPointer) this.field.blur() // the keys are the page's again
    else this.field.focus({preventScroll: true})
  }

  closed() {
    if (!this.isOpen) return
    this.place?.()
    this.field.setAttribute("aria-expanded", "false")
    for (const name of ["aria-controls", "aria-activedescendant"]) this.field.removeAttribute(name)
    this.rows = []
    this.element.replaceChildren()
  }

  /** List what the search finds, those of the shown part first. */
  fill() {
    const {state} = this, query = this.search.value.trim()
    const own = state.groups.filter(({part}) => part === "" || part === state.part)
    const others = state.groups.filter((group) => !own.includes(group))
    this.rows = []
    const groups = [
      ...own.map((group) => this.group(group, group.caption, query)),
      ...(query || this.all ? others.map((group) => this.group(group, `${group.of} – ${group.caption}`, query)) : []),
    ].filter((one) => one != null)
    if (state.more && others.length && !query && !this.all) groups.push(this.row({value: "", text: state.more}, true))
    this.list.replaceChildren(...groups)
    put(this.none, this.rows.length ? "" : `Nothing here has “${query}” in title, authors, year or pattern.`)
    const chosen = this.rows.findIndex(({value}) => value === this.current())
    this.activate(query ? 0 : Math.max(0, chosen), true)
  }

  get list() {
    return /** @type {HTMLElement} */ (this.element.querySelector(".list"))
  }

  /**
   * @param {import("./menu.js").Group} group
   * @param {string} caption
   * @param {string} query
   */
  group({options}, caption, query) {
    const found = query ? options.filter((one) => holds(one, query)) : options
    return found.length ? grouped(caption, found.map((one) => this.row(one))) : null
  }

  /**
   * @param {import("./menu.js").Option} option
   * @param {boolean} more whether it is the one that shows all parts
   */
  row(option, more = false) {
    const element = entry(option, this.rows.length, !more && option.value === this.current())
    element.classList.toggle("more", more)
    this.rows.push({element, value: more ? null : option.value, text: option.text})
    return element
  }

  /**
   * @param {number} at
   * @param {boolean} seen whether it is to be scrolled into view
   */
  activate(at, seen) {
    this.rows[this.active]?.element.classList.remove("active")
    this.active = at
    const row = this.rows[at]
    const holder = this.element.contains(this.focused) ? this.search : this.field
    for (const one of [this.field, this.search]) one.removeAttribute("aria-activedescendant")
    if (!row) return
    row.element.classList.add("active")
    holder.setAttribute("aria-activedescendant", row.element.id)
    if (!seen) return
    if (at === 0) this.list.scrollTop = 0 // with the caption above it
    else row.element.scrollIntoView({block: "nearest"})
  }

  get focused() {
    return /** @type {ShadowRoot | Document} */ (this.field.getRootNode()).activeElement
  }

  /** @param {number} at */
  pick(at) {
    const row = this.rows[at]
    if (!row) return
    if (row.value == null) {
      this.all = true
      this.fill()
      this.activate(Math.min(at, this.rows.length - 1), true)
      return
    }
    this.close()
    this.choose(row.value)
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    const {key, altKey, ctrlKey, metaKey} = event
    const letter = key.length === 1 && !ctrlKey && !metaKey
    if (!this.isOpen) {
      if (["Enter", " ", "ArrowDown", "ArrowUp"].includes(key)) this.open()
      else if (letter && !altKey && named(this.state.groups, key)) this.begin(key)
      else return // to the keys of the page
      return event.preventDefault()
    }
    const last = this.rows.length - 1, typing = event.currentTarget === this.search
    /** @type {Object<string, () => unknown>} */
    const moves = {
      ArrowDown: () => this.activate(Math.min(last, this.active + 1), true),
      ArrowUp: () => (altKey ? this.close() : this.activate(Math.max(0, this.active - 1), true)),
      PageDown: () => this.activate(Math.min(last, this.active + PAGE), true),
      PageUp: () => this.activate(Math.max(0, this.active - PAGE), true),
      Enter: () => this.pick(this.active),
      Escape: () => this.close(),
    }
    if (!typing || !this.search.value) {
      moves.Home = () => this.activate(0, true)
      moves.End = () => this.activate(last, true)
    }
    if (!typing && !this.ahead.goesOn) moves[" "] = moves.Enter
    if (key === "Tab") this.close() // and the focus goes on from there
    else if (moves[key]) {
      moves[key]()
      event.preventDefault()
      event.stopPropagation()
    } else if (letter && !typing) {
      this.begin(key)
      event.preventDefault()
    }
  }

  /**
   * A name begins with this letter, or a search.
   * @param {string} letter
   */
  begin(letter) {
    if (this.state.search) {
      if (!this.isOpen) return this.open(letter)
      this.search.value = letter
      this.search.focus({preventScroll: true})
      return this.fill()
    }
    this.open()
    const at = this.ahead.find(letter, this.rows.map(({text}) => text), this.active)
    if (at >= 0) this.activate(at, true)
  }
}
