// A bar of buttons, one for each view that explains the run.
import {h} from "../shared/dom.js"
import {onKey} from "../shared/keys.js"
import {listen, say} from "../shared/messages.js"
import {documentOf, onLeave} from "../shared/seam.js"
import {sound} from "../sound/sound.js"
import hearing from "../sound/sound.css" with {type: "text"}
import css from "./picker.css" with {type: "text"}

/**
 * @typedef {object} Shown
 * @property {[name: string, title: string, reason: string | null][]} views
 * @property {string | null} open
 * @property {string} [start] a state that was set to start from
 */

/** @param {{model: any, view: any}} component */
export function render({model, view}) {
  const tabs = h("div", {class: "tabs"})
  const start = button("chip", "", "Begin as the preset does, or at rest", () => say(model, {type: "restart"}))
  /** @type {(() => void)[]} */
  let keys = []
  const fit = button("fit", "Fit axes", "Show the whole run on all axes", () => say(model, {type: "fit"}))

  /** @param {Shown} shown */
  function show({views, open, start: words}) {
    start.hidden = !words
    start.replaceChildren(h("span", {}, words ?? ""), h("span", {"aria-hidden": "true"}, "×"))
    start.setAttribute("aria-label", `Remove ${words}`)
    start.title = `${words}. Press to begin as the preset does, or at rest`
    const focused = /** @type {HTMLElement | null} */ (tabs.querySelector(":focus"))?.dataset.view
    for (const off of keys) off()
    keys = []
    const buttons = views.map(([name, title, reason], i) => {
      const button = h("button", {
        type: "button",
        "data-view": name,
        title: reason ?? "",
        "aria-pressed": String(open === name),
        "aria-disabled": String(reason != null),
      }, title)
      button.addEventListener("click", () => say(model, {name}))
      keys.push(onKey(String(i + 1), `View: ${title}`, () => button.click()))
      return button
    })
    tabs.replaceChildren(h("span", {}, "Why it fires"), ...buttons)
    buttons.find(({dataset}) => focused != null && dataset.view === focused)?.focus()
  }

  const clicks = sound(documentOf(view), model.line)
  onLeave(model, clicks.leave)
  show(model.first)
  listen(model, show)
  return h(
    "nav",
    {"aria-label": "Views that explain the run"},
    h("style", {}, css, hearing),
    h("div", {class: "bar"}, tabs, start, ...clicks.parts, fit),
  )
}

/**
 * @param {string} kind
 * @param {string} words
 * @param {string} title
 * @param {() => void} press
 */
function button(kind, words, title, press) {
  const made = h("button", {type: "button", class: kind, title}, words)
  made.addEventListener("click", press)
  return made
}
