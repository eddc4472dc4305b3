// The page as a lecture shows it: large type, chosen sliders, one view. Here is only whether it is so, and what is shown
// beside that on demand. Style sheets read `--type-scale`, which reaches into every shadow root; who has more to do than
// that follows `onPresent` or `onDemand`.
const NAME = "spark:present", DEMAND = "spark:demand"
export const SCALE = 1.6

export const presented = () => document.documentElement.hasAttribute("data-present")

/** @typedef {"equations" | "choosing"} Demand all equations, large; every row with its star */
/** @type {Demand[]} */
export const DEMANDS = ["equations", "choosing"]

/** @param {Demand} what */
export const demanded = (what) => document.documentElement.hasAttribute(`data-${what}`)

/**
 * @param {Demand} what
 * @param {boolean} yes
 */
export function demand(what, yes) {
  if (yes === demanded(what) || (yes && !presented())) return
  // There is room for one.
  if (yes) DEMANDS.forEach((other) => demand(other, false))
  document.documentElement.toggleAttribute(`data-${what}`, yes)
  document.dispatchEvent(new CustomEvent(DEMAND, {detail: {what, yes}}))
}

/**
 * @param {(what: Demand, yes: boolean) => void} follow is told what is demanded now, and whenever it changes
 * @returns {() => void} follow no longer
 */
export function onDemand(follow) {
  const told = (/** @type {Event} */ event) => {
    const {what, yes} = /** @type {CustomEvent} */ (event).detail
    follow(what, yes)
  }
  for (const what of DEMANDS) if (demanded(what)) follow(what, true)
  document.addEventListener(DEMAND, told)
  return () => document.removeEventListener(DEMAND, told)
}

/** @param {boolean} yes */
export function present(yes) {
  if (yes === presented()) return
  if (!yes) { for (const what of DEMANDS) demand(what, false) }
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
