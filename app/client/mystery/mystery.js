// The panel of the mystery neuron: the form that makes one, or the one of this page's address.
import entries from "../lessons/entries.css" with {type: "text"}
import panel from "../lessons/lessons.css" with {type: "text"}
import {Aside, MYSTERY} from "../shared/aside.js"
import {h, put} from "../shared/dom.js"
import {onKey} from "../shared/keys.js"
import {listen, say} from "../shared/messages.js"
import {remember, remembered} from "../shared/remembered.js"
import {onLeave} from "../shared/seam.js"
import {Case} from "./case.js"
import {Form} from "./form.js"
import css from "./mystery.css" with {type: "text"}

const NAME = "mystery", STUDENT = "mystery student"

/** @param {{model: any}} component */
export function render({model}) {
  /** @type {Case | null} */
  let shown = null
  let sealed = "" // of the mystery that is open, or was open last
  const title = h("h2", {tabindex: "-1"}, "Mystery neuron")
  const another = button("quiet all", "Make one", () => {
    sealed = ""
    say(model, {type: "leave"})
    show(null)
  })
  const close = button("icon", "×", () => open(false), "Close the mystery (M)")
  const body = h("div", {class: "body", tabindex: "-1"})
  const below = h("div", {})
  const root = h(
    "section",
    {class: "panel", "aria-label": "Mystery neuron", hidden: true},
    h("header", {}, another, title, close),
    body,
    below,
  )
  const el = h("div", {}, h("style", {}, panel, entries, css), root)
  const aside = new Aside(el, root, "Mystery", () => open(false))
  const form = new Form((said) => say(model, said), (query) => ask(query, true))

  /** @param {boolean} yes */
  function open(yes) {
    aside.open(yes)
    if (yes) {
      if (sealed) ask(sealed, false)
      else show(null)
      title.focus()
      return
    }
    shown = null
    address("")
    say(model, {type: "leave"})
  }

  /**
   * @param {string} query
   * @param {boolean} fresh whether the values are those with which a student begins
   */
  function ask(query, fresh) {
    sealed = query
    say(model, {type: "open", mystery: query, student: student(), fresh})
  }

  /** @param {string} query */
  function address(query) {
    const all = new URLSearchParams(location.search)
    if (query) all.set(NAME, query)
    else all.delete(NAME)
    const text = all.toString()
    history.replaceState(history.state, "", `${location.pathname}${text ? `?${text}` : ""}${location.hash}`)
  }

  /** @param {import("./case.js").Opened | null} mystery null: the form */
  function show(mystery) {
    if (!mystery) sealed = ""
    shown = mystery && new Case(mystery, (said) => say(model, said))
    address(sealed)
    put(title, mystery ? "Mystery neuron" : "Make a mystery neuron")
    another.hidden = mystery == null
    body.replaceChildren(shown?.el ?? form.el)
    below.replaceChildren(...shown?.below ?? [])
    body.scrollTop = 0
  }

  const off = onKey("m", "Mystery neuron: open and close", () => open(root.hidden === true))
  const race = (/** @type {Event} */ event) => {
    const query = /** @type {CustomEvent} */ (event).detail
    if (query) ask(query, query !== sealed)
    else if (!root.hidden) open(false)
  }
  document.addEventListener(MYSTERY, race)
  onLeave(model, () => {
    off()
    document.removeEventListener(MYSTERY, race)
    aside.leave()
  })
  listen(model, (head) => {
    if (head.levels) form.offer(head.levels)
    if (head.toggle) open(root.hidden === true)
    if (head.made) form.take(head.made)
    if ("mystery" in head) {
      if (root.hidden) {
        aside.open(true)
        title.focus()
      }
      show(head.mystery)
    }
    shown?.take(head)
  })
  const wanted = new URLSearchParams(location.search).get(NAME)
  if (wanted) ask(wanted, location.hash === "")
  return el
}

/** A name by which the server knows this browser again, so that a reload gives no experiments back. */
function student() {
  let name = remembered(STUDENT)
  if (!name) {
    name = [...crypto.getRandomValues(new Uint8Array(12))].map((one) => one.toString(16).padStart(2, "0")).join("")
    remember(STUDENT, name)
  }
  return name
}

/**
 * @param {string} kind
 * @param {string} words
 * @param {() => void} act
 * @param {string} [name]
 */
function button(kind, words, act, name) {
  const made = h("button", {type: "button", class: kind, title: name, "aria-label": name}, words)
  made.addEventListener("click", act)
  return made
}
