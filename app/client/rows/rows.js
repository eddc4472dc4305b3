// A group of parameter rows: one component instance for a whole panel. No libraries, no network.
import {h, subscripted} from "../shared/dom.js"
import hidden from "../shared/hidden.css" with {type: "text"}
import {listen, say} from "../shared/messages.js"
import {moved} from "../shared/moves.js"
import {onPresent} from "../shared/present.js"
import {onQuiet} from "../shared/quiet.js"
import {onLeave} from "../shared/seam.js"
import {spark} from "../shared/spark.js"
import {Foresight} from "./foresight.js"
import foresight from "./foresight.css" with {type: "text"}
import {PlainRow} from "./plain_row.js"
import question from "./question.css" with {type: "text"}
import sheet from "./rows.css" with {type: "text"}
import {Sender} from "./sender.js"
import {SliderRow} from "./slider_row.js"
import star from "./star.css" with {type: "text"}
import slider from "./slider.css" with {type: "text"}
import {Tip} from "./tip.js"
import tip from "./tip.css" with {type: "text"}

/**
 * @typedef {object} Group what the rows of a panel share
 * @property {Sender} sender
 * @property {Tip} tip
 * @property {boolean} keyboard whether the last thing that was used is the keyboard
 */

/** @param {{model: any}} component */
export function render({model}) {
  /** @type {Map<string, SliderRow | PlainRow>} */
  const rows = new Map()
  let generation = spark.channel ? -1 : 0 // in a tab that is shown late what it began with is no longer true
  const sender = new Sender((values, final) => {
    say(model, {type: "set", generation, values, final, move: moved(values)})
  })
  /** @type {Group} */
  const group = {sender, tip: new Tip(), keyboard: false}
  const foreseen = new Foresight(rows, model.colours)
  const body = h("div")
  const root = h(
    "div",
    {class: `rows${model.foresight ? " seen" : ""}`},
    h("style", {}, sheet, slider, foresight, tip, question, star, hidden),
    body,
    foreseen.key,
    group.tip.el,
  )
  root.addEventListener("keydown", (event) => {
    group.keyboard = event.key !== "Shift" && event.key !== "Alt"
  }, true)
  root.addEventListener("pointerdown", () => {
    group.keyboard = false
  }, true)

  /** @param {any[]} specs */
  function build(specs) {
    sender.forget()
    rows.clear()
    body.replaceChildren()
    let last = null
    let box = body
    for (const spec of specs) {
      if (spec.group !== last) {
        last = spec.group
        box = spec.group ? headed(spec) : h("div")
        body.append(box)
      }
      const row = spec.kind === "slider" ? new SliderRow(group, spec) : new PlainRow(group, spec)
      rows.set(spec.key, row)
      box.append(row.el)
    }
  }

  /**
   * A box with a heading, and a button where its part can be removed, or shown in other words.
   * @param {{title?: string, group: string, part?: number, turn?: {text: string, says: string}}} spec of its first row
   */
  function headed({title, group, part, turn}) {
    const id = `g-${rows.size}`
    const bare = title != null && part == null // the menu above names the only stimulus already
    const head = h("div", {class: bare ? "vh" : "head", id}, h("span", {}, title ?? group))
    if (part != null) {
      const text = {title: "Remove this stimulus", "aria-label": `Remove ${title}`}
      const remove = h("button", {type: "button", class: "remove", ...text}, "\u00d7")
      remove.addEventListener("click", () => say(model, {type: "remove", generation, part}))
      head.append(remove)
    }
    if (turn) {
      const texts = turn.text.split(", ").map((one) => h("span", {}, ...subscripted(one)))
      const other = h("button", {type: "button", class: "turn", title: turn.says, "aria-label": turn.says}, "\u21c4 ")
      other.append(texts[0], ", ", texts[1])
      other.addEventListener("click", () => say(model, {type: "turn", generation}))
      head.append(other)
    }
    return h("div", {role: "group", "aria-labelledby": id}, head)
  }

  /** @type {import("../shared/spark.js").Take} */
  function take(head, buffer, base) {
    generation = head.generation ?? generation
    if (head.rows) build(head.rows)
    for (const [key, value] of Object.entries(head.values ?? {})) {
      const row = rows.get(key)
      if (row == null || row.dragging) continue // a hand that drags is never fought over
      row.error("")
      if (head.generation != null && row instanceof SliderRow) row.narrow()
      row.show(value)
    }
    for (const [key, text] of Object.entries(head.errors ?? {})) rows.get(key)?.refuse(text, head.kept?.[key])
    if ("foresight" in head) {
      root.classList.toggle("seen", head.foresight != null)
      foreseen.show(head.foresight, buffer, base)
    }
    if ("doubt" in head) foreseen.doubt(head.doubt, head.keep)
    group.tip.renew()
  }

  if (generation === 0) build(model.first)
  const plain = onPresent((yes) => {
    group.tip.hide()
    root.classList.toggle("presented", yes)
  })
  const quiet = onQuiet(() => foreseen.renew())
  onLeave(model, () => {
    plain()
    quiet()
    group.tip.hide()
    sender.stop()
  })
  listen(model, take, () => say(model, {type: "ready", generation}))
  return root
}
