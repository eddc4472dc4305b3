// Presenting: a key and a button begin and end it, and the page makes room for it. The state is not touched.
import {hostOf} from "../shared/dom.js"
import {onKey} from "../shared/keys.js"
import {demand, demanded, DEMANDS, onDemand, onPresent, present, presented} from "../shared/present.js"
import {Ring} from "./ring.js"

/**
 * @param {Element} el of the page's bar
 * @param {(begun: boolean) => void} told the chosen sliders are to be there, or what was there before again
 * @returns {() => void} the page has left
 */
export function presentation(el, told) {
  const ring = new Ring()
  const page = () => hostOf(hostOf(el))
  /** @type {HTMLElement | null} */
  let rows = null
  // The rows stand at the bottom of the window, as high as they are; the plots get the rest.
  const height = new ResizeObserver(() => {
    page()?.style.setProperty("--present-bar", `${presented() ? rows?.offsetHeight ?? 0 : 0}px`)
  })
  const leave = onPresent((yes) => {
    page()?.toggleAttribute("data-present", yes)
    ring.show(yes)
    height.disconnect()
    told(yes)
    if (!yes) return
    rows = page()?.shadowRoot?.querySelector("nav.MuiBox-root") ?? null
    if (rows) height.observe(rows)
  })
  const follow = onDemand((what, yes) => page()?.toggleAttribute(`data-${what}`, yes))
  /** @param {import("../shared/present.js").Demand} what */
  const turn = (what) => presented() && demand(what, !demanded(what))
  /** What was asked for goes first: then the presentation itself. */
  function leaveOne() {
    const open = DEMANDS.find(demanded)
    if (open) demand(open, false)
    else present(false)
  }
  const keys = [
    onKey("p", "Present: large type, the sliders with a star, one view", () => present(!presented())),
    onKey("e", "While presenting: the equations, large", () => turn("equations")),
    onKey("s", "While presenting: choose the sliders", () => turn("choosing")),
    onKey("Escape", "Leave the presentation", () => presented() && leaveOne()),
  ]
  return () => {
    present(false)
    leave()
    follow()
    for (const off of keys) off()
  }
}
