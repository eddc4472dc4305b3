// When a slider's row explains itself: what its name means, by its own tip. Its hint and the marks of its strip are terms
// (`help/tips.js`), with what they say of this row.
import {format} from "./number.js"

const LINGER = 350 // ms over a name until its tip is shown

/**
 * Show the tip where somebody lingers on the name, and say what is under a pointer on the slider.
 * @param {import("./slider_row.js").SliderRow} row
 */
export function explain(row) {
  const {label, range, strip, group: {tip}} = row
  const named = () => [told(row), row.spec.locked ?? "", strip.said].filter(Boolean)
  if (row.spec.locked) label.title = "" // the tip says it
  label.addEventListener("pointerenter", (event) => {
    if (event.pointerType === "mouse") tip.show(label, named, LINGER)
  })
  label.addEventListener("click", (event) => {
    if (!matchMedia("(pointer: coarse)").matches) return
    event.preventDefault()
    tip.show(label, named, 0)
  })
  range.addEventListener("focus", () => {
    if (range.matches(":focus-visible") && row.group.keyboard) tip.show(label, named, LINGER)
  })
  range.addEventListener("pointermove", (event) => {
    if (event.pointerType === "mouse" && !event.buttons) mean(range, strip.mark(event.clientX))
  })
  range.addEventListener("pointerleave", () => mean(range, null))
  label.addEventListener("pointerleave", () => tip.hide())
  range.addEventListener("blur", () => tip.hide())
}

/**
 * Say of an element which term it is.
 * @param {HTMLElement} element
 * @param {{term: string, more: string} | null} found
 */
function mean({dataset}, found) {
  if (found) Object.assign(dataset, found)
  else for (const name of ["term", "more"]) delete dataset[name]
}

/** @param {import("./slider_row.js").SliderRow} row */
function told({spec: {name, doc, unit, default: usual, home = "Default"}, scale: {min, max}}) {
  if (!doc) return ""
  const of = unit ? ` ${unit}` : ""
  const title = name[0].toUpperCase() + name.slice(1)
  return `${title}. ${doc} Slider ${format(min)} to ${format(max)}${of}; ${home.toLowerCase()} ${format(usual)}${of}.`
}
