// What this browser remembers of its visitor: settings of the page itself, never of a neuron.

/**
 * @param {string} name
 * @returns {string | null} null as well where the browser remembers nothing
 */
export function remembered(name) {
  try {
    return localStorage.getItem(`spark:${name}`)
  } catch {
    return null
  }
}

/**
 * @param {string} name
 * @param {string | null} value null forgets it
 */
export function remember(name, value) {
  try {
    if (value == null) localStorage.removeItem(`spark:${name}`)
    else localStorage.setItem(`spark:${name}`, value)
  } catch {
    // private windows may refuse: the setting then lasts as long as the page
  }
}
