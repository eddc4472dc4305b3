// The keys of a menu that is walked through, and searched, while the hand is on the plots.
import {onKey} from "../shared/keys.js"

/**
 * @param {string} kind what the menu lists, "preset"
 * @param {(by: -1 | 1) => void} step
 * @param {() => void} search
 * @returns {() => void} lets go of the keys
 */
export function choiceKeys(kind, step, search) {
  const keys = [
    onKey("[", `Previous ${kind}`, () => step(-1), {repeats: true}),
    onKey("]", `Next ${kind}`, () => step(1), {repeats: true}),
    onKey("/", `Search the ${kind}s`, search),
  ]
  return () => {
    for (const off of keys) off()
  }
}
