// How often this tab has begun anew by itself, lately: without a count it would go on for ever.
const SINCE = 300_000 // ms for which it counts

/**
 * @param {string} name of what is counted
 * @returns {number[] | null} when that was; null where the browser keeps nothing
 */
export function lately(name) {
  try {
    const found = JSON.parse(sessionStorage.getItem(name) ?? "[]")
    return found.filter((/** @type {number} */ at) => Date.now() - at < SINCE)
  } catch {
    return null
  }
}

/**
 * Once more, now.
 * @param {string} name
 * @returns {boolean} whether that is kept
 */
export function count(name) {
  try {
    sessionStorage.setItem(name, JSON.stringify([...lately(name) ?? [], Date.now()]))
    return true
  } catch {
    return false
  }
}
