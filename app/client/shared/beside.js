// Where a tip stands: beside the rows of the sidebar, none of which it covers; in a window that has no room there, below
// what it explains, or above.

const EDGE = 4 // pixels that it keeps from the window's edge and from its word
const BESIDE = 14 // and from the rows: beyond the sidebar's own edge

/**
 * @param {HTMLElement} tip which is open
 * @param {DOMRect} over what it explains
 * @param {number} [rows] where the rows end at the right; none where it explains something else
 */
export function stand(tip, over, rows) {
  const {width, height} = tip.getBoundingClientRect()
  const right = rows == null ? Infinity : rows + BESIDE
  const beside = right + width + EDGE <= innerWidth
  const below = over.bottom + height + 2 * EDGE < innerHeight ? over.bottom + EDGE : over.top - height - EDGE
  const top = beside ? Math.min(over.top - EDGE, innerHeight - height - EDGE) : below
  tip.style.left = `${beside ? right : Math.max(EDGE, Math.min(over.left, innerWidth - width - EDGE))}px`
  tip.style.top = `${Math.max(EDGE, top)}px`
}
