// Where a list opens: below its field, or above where there is more room, and always wholly in the window.

const EDGE = 8, GAP = 4 // px

/**
 * @param {HTMLElement} field
 * @param {HTMLElement} popup
 * @returns {() => void} lets go of it
 */
export function placed(field, popup) {
  function place() {
    const box = field.getBoundingClientRect()
    const height = globalThis.visualViewport?.height ?? innerHeight
    const below = height - box.bottom - GAP - EDGE, above = box.top - GAP - EDGE
    const up = below < 240 && above > below
    popup.style.minWidth = `${box.width}px`
    popup.style.maxHeight = `${Math.max(120, up ? above : below)}px`
    popup.style.left = `${Math.max(EDGE, Math.min(box.left, innerWidth - popup.offsetWidth - EDGE))}px`
    popup.style.top = up ? "auto" : `${box.bottom + GAP}px`
    popup.style.bottom = up ? `${innerHeight - box.top + GAP}px` : "auto"
  }
  place()
  addEventListener("resize", place)
  globalThis.visualViewport?.addEventListener("resize", place)
  return () => {
    removeEventListener("resize", place)
    globalThis.visualViewport?.removeEventListener("resize", place)
  }
}
