// The edge between the traces and the view beside them, and that view on the whole area of the plots.
import {h, hostOf} from "../shared/dom.js"
import {onKey} from "../shared/keys.js"
import {onAskForAll} from "../shared/maximise.js"
import {onLeave} from "../shared/seam.js"
import {Divider} from "./divider.js"
import css from "./split.css" with {type: "text"}

const SETTLED = 600 // ms after which the figures of a view that opens have their sizes

/** @param {{model: any}} component */
export function render({model}) {
  const edge = h("div", {class: "edge", tabindex: "0"})
  const el = h("div", {}, h("style", {}, css), edge)
  /** @type {HTMLElement | null} */
  let side = null
  /** @type {(on: boolean) => void} */
  let told = () => {}

  const body = () => /** @type {HTMLElement | undefined} */ (hostOf(side))?.getBoundingClientRect()
  const divider = new Divider(edge, {
    name: "side",
    label: "Width of the view beside the traces",
    leftward: true,
    step: 0.02,
    range: () => [0.25, 0.7],
    now: () => (side?.offsetWidth ?? 0) / (body()?.width || 1),
    at: (event) => {
      const box = body()
      return box ? (box.right - event.clientX) / box.width : 0
    },
  })

  /** @param {boolean} on */
  function maximise(on) {
    side?.toggleAttribute("data-maximised", on)
    told(on)
  }
  /** @param {(on: boolean) => void} show */
  function asked(show) {
    if (show !== told) told(false)
    told = show
    maximise(!side?.hasAttribute("data-maximised"))
  }
  function less() {
    if (!side?.hasAttribute("data-maximised")) return false
    maximise(false)
  }
  /** Where it stands below the traces, it is the last thing there. */
  function reveal() {
    const scrolled = hostOf(side)
    if (touched || scrolled == null || getComputedStyle(scrolled).overflowY !== "auto") return
    scrolled.scrollTop = scrolled.scrollHeight
  }
  let there = false
  let touched = false // somebody has scrolled since
  const touch = () => {
    touched = true
  }
  const shown = new ResizeObserver(() => {
    if (side == null) return
    const before = there
    there = side.offsetWidth > 0
    if (!there) maximise(false)
    else divider.tell()
    if (there && !before) {
      touched = false
      for (const after of [0, SETTLED]) setTimeout(reveal, after)
    }
  })

  let alive = true
  function settle() {
    if (!alive) return
    const found = hostOf(hostOf(edge))
    if (found == null) {
      requestAnimationFrame(settle)
      return
    }
    side = /** @type {HTMLElement} */ (found)
    onAskForAll(side, asked)
    shown.observe(side)
    for (const how of ["wheel", "touchmove"]) hostOf(side)?.addEventListener(how, touch, {passive: true})
  }
  const off = onKey("Escape", "Give a view that has the whole area its own again", less)
  onLeave(model, () => {
    alive = false
    shown.disconnect()
    off()
  })
  settle()
  return el
}
