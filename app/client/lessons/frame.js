// A frame around a part of the page: over everything, where no box of the page cuts it off and no plot covers it.

const LONG = 2500 // ms
const OUT = 4 // pixels around a small part
const EDGE = 2 // pixels that a frame keeps from the window's edge
const MARK = "spark-frame"

/**
 * Show where an element is, for as long as it takes to look there.
 * @param {HTMLElement} over
 * @param {boolean} inside whether the frame lies within it, as in a plot, whose neighbours are not meant
 */
export function frame(over, inside) {
  document.querySelector(`.${MARK}`)?.remove()
  const made = document.createElement("div")
  made.className = MARK
  made.setAttribute("aria-hidden", "true")
  const dark = isLight(getComputedStyle(over).color)
  const colour = dark ? "#FFB000" : "#B45309"
  Object.assign(made.style, {
    position: "fixed",
    zIndex: "2147483000",
    pointerEvents: "none",
    boxSizing: "border-box",
    border: `3px solid ${colour}`,
    borderRadius: "6px",
    background: `color-mix(in srgb, ${colour} 7%, transparent)`,
    boxShadow: `0 0 0 2px ${dark ? "rgba(0,0,0,.6)" : "rgba(255,255,255,.85)"}`,
  })
  const out = inside ? -1 : OUT
  /** It goes along with what it frames: a panel that is opened, a list that scrolls. */
  const place = () => {
    if (!made.isConnected) return
    const {left, top, right, bottom} = over.getBoundingClientRect()
    const [x, y] = [Math.max(EDGE, left - out), Math.max(EDGE, top - out)]
    made.style.left = `${x}px`
    made.style.top = `${y}px`
    made.style.width = `${Math.max(0, Math.min(innerWidth - EDGE, right + out) - x)}px`
    made.style.height = `${Math.max(0, Math.min(innerHeight - EDGE, bottom + out) - y)}px`
    requestAnimationFrame(place)
  }
  document.body.append(made)
  place()
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches
  const fade = still ? [{opacity: 1}, {opacity: 1}] : [{opacity: 1}, {opacity: 1, offset: .75}, {opacity: 0}]
  made.animate(fade, LONG).onfinish = () => made.remove()
}

/** Whether a colour of text is one for a dark page. @param {string} colour "rgb(34, 34, 34)" */
function isLight(colour) {
  const [red = 0, green = 0, blue = 0] = (colour.match(/[\d.]+/g) ?? []).map(Number)
  return 0.299 * red + 0.587 * green + 0.114 * blue > 128
}
