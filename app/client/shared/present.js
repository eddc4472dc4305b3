// The page as a lecture shows it: large type, chosen sliders, one view. Here is only whether it is so. Style sheets read
// `--type-scale`, which reaches into every shadow root; who has more to do than that follows `onPresent`.
const NAME = "spark:present"
export const SCALE = 1.6

export const presented = () => document.documentElement.hasAttribute("data-present")

/** @param {boolean} yes */
export function present(yes) {
  if (yes === presented()) return
  document.documentElement.toggleAttribute("data-present", yes)
  document.documentElement.style.setProperty("--type-scale", yes ? String(SCALE) : null)
  document.dispatchEvent(new CustomEvent(NAME, {detail: yes}))
}

/**
 * @param {(yes: boolean) => void} follow is told now, where the page is presented, and whenever that changes
 * @returns {() => void} follow no longer
 */
export function onPresent(follow) {
  const told = (/** @type {Event} */ event) => follow(/** @type {CustomEvent} */ (event).detail)
  document.addEventListener(NAME, told)
  if (presented()) follow(true)
  return () => document.removeEventListener(NAME, told)
}
