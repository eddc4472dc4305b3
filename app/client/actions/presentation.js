// Presenting: a key and a button begin and end it, and the page makes room for it. The state is not touched.
import {hostOf} from "../shared/dom.js"
import {onKey} from "../shared/keys.js"
import {onPresent, present, presented} from "../shared/present.js"
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
  const keys = [
    onKey("p", "Present: large type, the sliders with a star, one view", () => present(!presented())),
    onKey("Escape", "Leave the presentation", () => presented() && present(false)),
  ]
  return () => {
    present(false)
    leave()
    for (const off of keys) off()
  }
}
