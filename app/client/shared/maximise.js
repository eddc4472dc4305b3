// A view asks for the whole area of the plots; the edge beside it (arrangement/split.js) gives it, and takes it back.
const NAME = "spark:maximise"

/**
 * @param {Element} from
 * @param {(on: boolean) => void} show is told whether the view has it, now and whenever that changes
 */
export function askForAll(from, show) {
  from.dispatchEvent(new CustomEvent(NAME, {bubbles: true, composed: true, detail: show}))
}

/**
 * @param {HTMLElement} element
 * @param {(show: (on: boolean) => void) => void} answer
 */
export function onAskForAll(element, answer) {
  element.addEventListener(NAME, (event) => answer(/** @type {CustomEvent} */ (event).detail))
}
