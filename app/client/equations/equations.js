// The first equation; the others and where they come from open below it. MathML by KaTeX, kept for every model once it is set.
import {h} from "../shared/dom.js"
import {listen} from "../shared/messages.js"
import {onDemand} from "../shared/present.js"
import {onLeave, typeset} from "../shared/seam.js"
import css from "./equations.css" with {type: "text"}

const LATER = 1500 // ms, after the first picture

/** @param {{model: any}} component */
export function render({model}) {
  const first = h("span", {class: "first"})
  const lines = h("div")
  const sources = h("div", {class: "sources"})
  /** @type {Map<string, HTMLElement[]>} */
  const kept = new Map()

  /**
   * @param {string} name
   * @param {string[] | null} [other] lines in place of the model's own
   */
  function set(name, other) {
    const key = [name, ...other ?? []].join("\n")
    const known = kept.get(key)
    if (known) return known
    const made = (other ?? model.models[name]).map((/** @type {string} */ tex) => {
      const line = h("div", {class: "line"})
      typeset(`\\displaystyle ${tex}`, line)
      for (const sign of line.querySelectorAll("mo")) { // WebKit draws no arrow that it may stretch
        if (/[→⇒]/.test(sign.textContent ?? "")) sign.setAttribute("stretchy", "false")
      }
      return line
    })
    kept.set(key, made)
    return made
  }

  /** @param {{model: string, sources: string, lines?: string[] | null}} head */
  function show(head) {
    const [line, ...more] = set(head.model, head.lines)
    first.replaceChildren(line)
    lines.replaceChildren(...more)
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

  show(model.first)
  listen(model, show)
  setTimeout(() => idle(ahead), LATER)
  const shown = h("summary", {title: "All equations, and their sources"}, first, h("span", {class: "more"}, "sources"))
  const root = h("details", {class: "equations"}, h("style", {}, css), shown, lines, sources)
  let open = false // before the lecture asked for them
  const large = onDemand((what, yes) => {
    if (what !== "equations") return
    open = yes ? root.open : open
    root.open = yes || open
    root.classList.toggle("large", yes)
  })
  onLeave(model, () => {
    alive = false
    large()
  })
  return root
}
