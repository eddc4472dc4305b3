// Help: a button with a dialog, the keys that have no component of their own, and tips on the terms of the page.
import shared from "../shared/dialog.css" with {type: "text"}
import {deep, h} from "../shared/dom.js"
import {onKey} from "../shared/keys.js"
import {listen, say} from "../shared/messages.js"
import {onLeave} from "../shared/seam.js"
import {HelpDialog} from "./dialog.js"
import {Glossary} from "./glossary.js"
import css from "./help.css" with {type: "text"}
import {Tips} from "./tips.js"

/** @param {{model: any}} component */
export function render({model}) {
  const glossary = new Glossary(model.glossary)
  const why = () => say(model, {ask: "why"}) // that it is being worked out, the server says as well: it knows until when
  const tips = new Tips(glossary, why)
  const dialog = new HelpDialog(glossary, () => say(model, {ask: "tour"}))
  const button = h("button", {
    type: "button",
    class: "help",
    title: "Help: keys, terms, tour (?)",
    "aria-label": "Help",
  })
  button.append(h("span", {"aria-hidden": "true"}, "?"))
  button.addEventListener("click", () => dialog.open())
  const keys = [
    onKey("f", "Fit the axes: show the whole run", () => say(model, {ask: "fit"})),
    onKey(".", "Pin this run, to compare the next ones with it", () => say(model, {ask: "pin"})),
    onKey("w", "Why is it silent? What would make it fire", why),
    onKey("?", "Help: this list", () => dialog.open()),
    onKey("Escape", "Close what is open", () => tips.hide()),
  ]
  onLeave(model, () => {
    for (const off of keys) off()
    tips.leave()
  })
  /** @param {{answer: string | null}} told why it is silent */
  function take({answer}) {
    if (answer == null) tips.forget()
    else tips.answer(answer, (deep(".strip dl > div") ?? button).getBoundingClientRect())
  }
  listen(model, take)
  return h("div", {class: "root"}, h("style", {}, shared, css), button, dialog.el, tips.el)
}
