// A bar of buttons, one for each view that explains the run.
import {h} from "../shared/dom.js"
import {onKey} from "../shared/keys.js"
import {listen, say} from "../shared/messages.js"
import css from "./picker.css" with {type: "text"}

/**
 * @typedef {object} Shown
 * @property {[name: string, title: string, reason: string | null][]} views
 * @property {string | null} open
 */

/** @param {{model: any}} component */
export function render({model}) {
  const bar = h("div", {class: "bar"})

  /** @param {Shown} shown */
  function show({views, open}) {
    const buttons = views.map(([name, title, reason], i) => {
      const button = h("button", {
        type: "button",
        "data-view": name,
        title: reason ?? "",
        "aria-pressed": String(open === name),
        "aria-disabled": String(reason != null),
      }, title)
      button.addEventListener("click", () => say(model, {name}))
      onKey(String(i + 1), `View: ${title}`, () => button.click())
      return button
    })
    bar.replaceChildren(h("span", {}, "Why it fires"), ...buttons)
  }

  show(model.first)
  listen(model, show)
  return h("nav", {"aria-label": "Views that explain the run"}, h("style", {}, css), bar)
}
