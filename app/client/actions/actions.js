// Buttons of the page's bar; where there is no room for them, behind one that opens a menu.
import {h} from "../shared/dom.js"
import {listen, say} from "../shared/messages.js"
import {demand, demanded, onDemand, onPresent, present, presented} from "../shared/present.js"
import {onLeave} from "../shared/seam.js"
import css from "./actions.css" with {type: "text"}
import {Changes} from "./changes.js"
import changesCss from "./changes.css" with {type: "text"}
import {icon} from "./icons.js"
import {presentation} from "./presentation.js"

/** @type {Record<import("../shared/present.js").Demand, {icon: string, label: string, title: string}>} */
const AIDS = {
  equations: {icon: "equations", label: "Equations", title: "The equations, large (E)"},
  choosing: {icon: "star", label: "Sliders", title: "Choose the sliders that stay (S)"},
}

/**
 * @typedef {{key: string, icon: string, label: string, title: string}} Action
 * @param {{model: any}} component
 */
export function render({model}) {
  /** @type {Action[]} */
  const actions = model.first.actions
  const menu = h("div", {class: "menu", id: "menu", popover: "auto"}, ...actions.map((one) => button(one)))
  const more = h("button", {class: "more", type: "button", popovertarget: "menu", "aria-label": "More", title: "More"})
  more.append(icon("more"))
  menu.addEventListener("click", () => menu.hidePopover())
  menu.addEventListener("beforetoggle", () => {
    const {bottom, right} = more.getBoundingClientRect()
    menu.style.top = `${bottom + 4}px`
    menu.style.right = `${Math.max(8, innerWidth - right)}px`
  })

  /** @param {Action} action */
  function button({key, icon: sign, label, title}) {
    const made = h("button", {type: "button", title, "data-key": key}, icon(sign), h("span", {}, label))
    made.addEventListener("click", () => key === "present" ? present(!presented()) : say(model, {key}))
    return made
  }

  const aids = Object.entries(AIDS).map(([key, {icon: sign, label, title}]) => {
    const what = /** @type {import("../shared/present.js").Demand} */ (key)
    const made = h("button", {type: "button", class: "aid", title, "data-key": key, "aria-pressed": "false"})
    made.append(icon(sign), h("span", {}, label))
    made.addEventListener("click", () => demand(what, !demanded(what)))
    return made
  })
  const changes = new Changes((key) => say(model, {key}), (at) => say(model, {go: at}))
  const tools = h("div", {class: "tools"}, ...aids, changes.el, ...actions.map((one) => button(one)), more, menu)
  const el = h("div", {}, h("style", {}, css, changesCss), tools)
  const plain = onPresent((yes) => {
    tools.classList.toggle("presented", yes)
    const own = tools.querySelector("[data-key=present]"), usual = actions.find((one) => one.key === "present")
    const [sign, label] = yes ? ["leave", "Leave (Esc)"] : [usual?.icon ?? "present", usual?.label ?? ""]
    own?.replaceChildren(icon(sign), h("span", {}, label))
  })
  const pressed = onDemand((what, yes) => {
    tools.querySelector(`[data-key=${what}]`)?.setAttribute("aria-pressed", String(yes))
  })
  const leave = presentation(el, (begun) => say(model, {key: begun ? "present" : "leave"}))
  onLeave(model, () => {
    leave()
    plain()
    pressed()
    changes.leave()
  })
  listen(model, (head) => changes.show(head.changes, head.at))
  return el
}
