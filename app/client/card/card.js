// A view's summary in words, and its controls.
import {h, put} from "../shared/dom.js"
import {askForAll} from "../shared/maximise.js"
import {listen, say} from "../shared/messages.js"
import {spark} from "../shared/spark.js"
import css from "./card.css" with {type: "text"}
import {control} from "./controls.js"
import {table} from "./table.js"

/** @param {{model: any}} component */
export function render({model}) {
  const bar = h("div", {class: "bar"})
  const said = h("span", {class: "said"})
  const hint = h("span")
  const words = h("p", {}, said, " ", hint)
  const box = h("div", {class: "table", tabindex: "0", role: "region", "aria-label": "Differences", hidden: true})
  const all = h("button", {type: "button", class: "all"}, "⤢")
  all.addEventListener("click", () => askForAll(all, enlarged))
  enlarged(false)
  /** @type {Object<string, any>} */
  const state = {...model.first}
  /** @type {Map<string, import("./controls.js").Control>} */
  const controls = new Map()

  /** @param {boolean} on whether the view has the whole area of the plots */
  function enlarged(on) {
    all.setAttribute("aria-pressed", String(on))
    all.setAttribute("aria-label", "Enlarge this view")
    all.title = on ? "Back beside the traces (Escape)" : "Enlarge this view over the traces"
  }

  function build() {
    controls.clear()
    for (const spec of state.controls ?? []) {
      controls.set(spec.key, control(spec, (value) => say(model, {type: "control", key: spec.key, value})))
    }
    bar.replaceChildren(h("h2", {}, state.title ?? ""), ...[...controls.values()].map((one) => one.element), all)
  }

  /** @param {Object<string, any>} head see `Card.show` */
  function take(head) {
    Object.assign(state, head)
    if (head.controls || head.title) build()
    for (const [key, all] of Object.entries(head.options ?? {})) controls.get(key)?.fill?.(all)
    for (const [key, yes] of Object.entries(head.enabled ?? {})) controls.get(key)?.enable?.(yes)
    if ("rows" in head) {
      box.hidden = head.rows == null
      if (head.rows != null) box.replaceChildren(table(head.rows))
    }
    for (const [key, value] of Object.entries(head.values ?? {})) controls.get(key)?.show(value)
    const fresh = put(said, state.busy || state.words || "")
    if (put(hint, state.busy ? "" : state.hint ?? "") || fresh) {
      spark.sentences.set(model.address, [state.words, state.hint].filter(Boolean).join(" "))
    }
    words.classList.toggle("busy", Boolean(state.busy))
  }

  build()
  take({})
  listen(model, take)
  return h("section", {}, h("style", {}, css), h("div", {class: "why"}, bar, words, box))
}
