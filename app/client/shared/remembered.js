// What this browser remembers of its visitor: settings of the page itself, never of a neuron. Private windows may refuse,
// and a full store: a setting then lasts as long as the page, for all of its components.
import {spark} from "./spark.js"

/**
 * @param {string} name
 * @returns {string | null} null for none
 */
export function remembered(name) {
  const unkept = spark.unkept.get(name)
  if (unkept !== undefined) return unkept
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
  spark.unkept.delete(name)
  try {
    if (value == null) localStorage.removeItem(`spark:${name}`)
    else localStorage.setItem(`spark:${name}`, value)
  } catch {
    spark.unkept.set(name, value)
  }
}
