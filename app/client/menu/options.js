// The options of a list.
import {h} from "../shared/dom.js"
import {picture} from "./train.js"

/**
 * Options under a caption; without one they are merely together.
 * @param {string} caption
 * @param {HTMLElement[]} options
 */
export function grouped(caption, options) {
  if (!caption) return h("div", {role: "presentation"}, ...options)
  const title = h("div", {class: "caption", "aria-hidden": "true"}, caption)
  return h("div", {role: "group", "aria-label": caption}, title, ...options)
}

/**
 * @param {import("./menu.js").Option} option
 * @param {number} place
 * @param {boolean} chosen
 */
export function entry({text, pattern, train}, place, chosen) {
  return h(
    "div",
    {role: "option", id: `option-${place}`, "aria-selected": String(chosen)},
    h("span", {class: "title"}, text),
    train ? picture(train) : null,
    pattern ? named(pattern) : null,
  )
}

/** @param {[name: string, light: string, dark: string]} pattern */
function named([name, light, dark]) {
  return h("span", {class: "pattern"}, h("i", {style: `--light: ${light}; --dark: ${dark}`}), name)
}
