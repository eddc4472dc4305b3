// Gestures of a finger on whole parts of the page.

const FAR = 60 // pixels of a swipe
const NEAR = 10 // pixels within which a finger only taps

/**
 * Follow swipes to the left and right that nothing in the element takes for itself.
 * @param {HTMLElement} element
 * @param {(way: "left" | "right") => void} follow
 */
export function onSwipe(element, follow) {
  /** @type {Touch | null} */
  let from = null
  element.addEventListener("touchstart", (event) => {
    from = event.touches.length === 1 && !event.composedPath().some(isTaken) ? event.touches[0] : null
  }, {passive: true})
  element.addEventListener("touchend", (event) => {
    if (from == null) return
    const to = event.changedTouches[0], right = to.clientX - from.clientX, down = to.clientY - from.clientY
    if (Math.abs(right) > FAR && Math.abs(down) < Math.abs(right) / 2) follow(right > 0 ? "right" : "left")
    from = null
  }, {passive: true})
}

/**
 * Whether a part of the page answers to a finger that moves sideways.
 * @param {EventTarget} part
 */
function isTaken(part) {
  return part instanceof Element &&
    (part.matches("input, select, [role=slider]") ||
      !["auto", "manipulation"].includes(getComputedStyle(part).touchAction))
}

/**
 * While it holds, a finger's tap beside does this, and nothing else.
 * @param {HTMLElement} element
 * @param {() => boolean} holds
 * @param {() => void} follow
 */
export function onTapBeside(element, holds, follow) {
  /** @type {{x: number, y: number} | null} */
  let from = null
  element.addEventListener("pointerdown", (event) => {
    from = null
    if (event.pointerType === "mouse" || !holds() || event.composedPath().some(isControl)) return
    event.stopPropagation() // the plots must not take the finger that closes the drawer
    from = {x: event.clientX, y: event.clientY}
  }, {capture: true})
  element.addEventListener("pointerup", (event) => {
    if (from != null && Math.hypot(event.clientX - from.x, event.clientY - from.y) < NEAR) {
      event.stopPropagation()
      follow()
    }
    from = null
  }, {capture: true})
}

/** @param {EventTarget} part */
function isControl(part) {
  return part instanceof Element && part.matches("button, input, select, a, [role=slider], [role=separator]")
}
