// Equations as MathML by KaTeX, kept for every model once they are set.
import {h} from "../shared/dom.js"
import {listen} from "../shared/messages.js"
import {onLeave, typeset} from "../shared/seam.js"
import css from "./equations.css" with {type: "text"}

const LATER = 1500 // ms, after the first picture

/** @param {{model: any}} component */
export function render({model}) {
  const lines = h("div")
  const sources = h("div", {class: "sources"})
  /** @type {Map<string, HTMLElement[]>} */
  const kept = new Map()

  /** @param {string} name */
  function set(name) {
    const known = kept.get(name)
    if (known) return known
    const made = model.models[name].map((/** @type {string} */ tex) => {
      const line = h("div", {class: "line"})
      typeset(`\\displaystyle ${tex}`, line)
      return line
    })
    kept.set(name, made)
    return made
  }

  /** @param {{model: string, sources: string}} head */
  function show(head) {
    lines.replaceChildren(...set(head.model))
    sources.innerHTML = head.sources
  }

  let alive = true
  function ahead() {
    const missing = Object.keys(model.models).find((name) => !kept.has(name))
    if (!alive || missing == null) return
    set(missing)
    idle(ahead)
  }
  /** @param {() => void} work */
  const idle = (work) => (globalThis.requestIdleCallback ?? ((/** @type {() => void} */ f) => setTimeout(f, 200)))(work)

  onLeave(model, () => {
    alive = false
  })
  show(model.first)
  listen(model, show)
  setTimeout(() => idle(ahead), LATER)
  return h("div", {class: "equations"}, h("style", {}, css), lines, sources)
}
