// The keys [ and ] of the page, by which a menu is walked through while the hand is on the plots.

const TYPED =
  "input:not([type=range], [type=checkbox], [type=radio], [type=button]), textarea, select, [contenteditable]"

/**
 * @param {(by: -1 | 1) => void} step
 * @returns {() => void} lets go of the keys
 */
export function choiceKeys(step) {
  /** @param {KeyboardEvent} event */
  const press = (event) => {
    const by = {"[": -1, "]": 1}[event.key]
    const shortcut = event.metaKey || (event.ctrlKey && !event.altKey) // Ctrl and Alt together write [ on some keyboards
    if (by == null || shortcut || event.defaultPrevented) return
    const [target] = event.composedPath()
    if (target instanceof Element && target.matches(TYPED)) return
    event.preventDefault()
    step(/** @type {-1 | 1} */ (by))
  }
  document.addEventListener("keydown", press)
  return () => document.removeEventListener("keydown", press)
}
