// A menu that opens by mouse, touch and keyboard (the pattern of a combobox with a listbox), with steps to the options
// before and after, and a way back from what was changed since.
import {h, put} from "../shared/dom.js"
import {listen, say} from "../shared/messages.js"
import {onLeave} from "../shared/seam.js"
import {spark} from "../shared/spark.js"
import {Listing} from "./listing.js"
import css from "./menu.css" with {type: "text"}
import popup from "./popup.css" with {type: "text"}
import {choiceKeys} from "./steps.js"

/**
 * @typedef {object} Option
 * @property {string} value
 * @property {string} text
 * @property {string} [note] source, or what else is to say of it
 * @property {string} [seek] what else a search finds it by
 * @property {[name: string, light: string, dark: string]} [pattern] firing pattern, and its colour on a light and a dark page
 * @property {[spikes: number[], length: number]} [train] spike times and length of the run, ms
 * @typedef {object} Group
 * @property {string} caption "" for none
 * @property {string} part the group is listed where this part is shown, "" always
 * @property {string} of what the part is called
 * @property {Option[]} options
 * @typedef {object} Shown as `Menu.first` holds it
 * @property {string} label
 * @property {Group[]} groups
 * @property {string} value
 * @property {string} part
 * @property {boolean} [bar] on the page's bar
 * @property {string} [search] what a search field asks for
 * @property {string} [more] what shows the groups of all parts
 * @property {boolean} [steps] buttons for the option before and after, keys [ ] and /
 * @property {boolean} [modified] values are no longer those of the option
 * @property {string | null} [own] whose the values are, where they are not the option's
 */

/** @param {{model: any}} component */
export function render({model}) {
  /** @type {Shown} */
  const state = {...model.first}
  /** @type {string | null} said to the server, which has not answered yet */
  let said = null
  /** @type {string | null} chosen meanwhile: only the last is said */
  let held = null
  const current = () => held ?? said ?? state.value

  const value = h("span", {class: "value"})
  const modified = h("span", {class: "modified"})
  const field = h(
    "button",
    {
      type: "button",
      class: "field",
      role: "combobox",
      "aria-label": state.label,
      "aria-haspopup": "listbox",
      "aria-expanded": "false",
    },
    value,
    modified,
  )
  const listing = new Listing(field, state, current, choose)
  const back = round("back", "↺", () => say(model, {type: "back"}))
  const before = round("before", "‹", () => step(-1))
  const after = round("after", "›", () => step(1))

  /** The options that ‹ and › walk through. */
  const walk = () => state.groups.filter(({part}) => part === "" || part === state.part).flatMap(({options}) => options)

  /** @param {-1 | 1} by */
  function neighbour(by) {
    const options = walk()
    return options[options.findIndex((one) => one.value === current()) + by] ?? null
  }

  /** @param {-1 | 1} by */
  function step(by) {
    const next = neighbour(by)
    if (next) choose(next.value)
  }

  /** @param {string} chosen */
  function choose(chosen) {
    if (spark.away) return say(model, {type: "choose", value: chosen}) // which says that it has to wait
    if (said == null) tell(chosen)
    else held = chosen
    show()
  }

  /** @param {string} chosen */
  function tell(chosen) {
    said = chosen
    held = null
    say(model, {type: "choose", value: chosen})
  }

  function show() {
    const options = state.groups.flatMap(({options}) => options)
    const chosen = options.find((one) => one.value === current())
    const changed = Boolean(state.modified) && said == null
    const named = said == null && state.own || (chosen?.text ?? "")
    put(value, named)
    put(modified, changed ? ", modified" : "")
    field.title = [state.own, chosen?.text, chosen?.note].filter(Boolean).join(" – ")
    if (!state.steps) return
    back.hidden = !changed
    name(back, `Back to ${named}`)
    const kind = state.label.toLowerCase()
    for (
      const [button, by, word, key] of /** @type {const} */ ([[before, -1, "Previous", "["], [after, 1, "Next", "]"]])
    ) {
      const next = neighbour(by)
      button.setAttribute("aria-disabled", String(!next))
      name(button, `${word} ${kind}`, next ? `${word}: ${next.text} (${key})` : `No ${word.toLowerCase()} ${kind}`)
    }
  }

  /** @param {Partial<Shown> & {answer?: boolean}} head */
  function take({answer, ...head}) {
    Object.assign(state, head)
    if (answer) {
      said = null
      if (held != null) tell(held)
    }
    show()
  }

  if (state.steps) onLeave(model, choiceKeys(state.label.toLowerCase(), step, () => listing.seek()))
  show()
  listen(model, take)
  const parts = state.steps ? [before, field, after, back] : [field]
  const box = h("div", {class: state.bar ? "combo upper" : "combo"}, ...parts, listing.element)
  return h("div", {}, h("style", {}, css, popup), box)
}

/**
 * @param {string} kind
 * @param {string} sign
 * @param {() => void} press
 */
function round(kind, sign, press) {
  const button = h("button", {type: "button", class: `round ${kind}`}, h("span", {"aria-hidden": "true"}, sign))
  button.addEventListener("click", press)
  return button
}

/**
 * @param {HTMLElement} element
 * @param {string} words
 * @param {string} tip
 */
function name(element, words, tip = words) {
  element.setAttribute("aria-label", words)
  element.title = tip
}
