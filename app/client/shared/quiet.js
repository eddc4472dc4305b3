// What the page holds back: until what a lesson asks is answered, neither it nor a screen reader says what it knows of a run.
import {spark} from "./spark.js"

const CHANGED = "spark:quiet"

/** @typedef {"run" | "view"} Speaker what speaks of a run: the page by itself, or the open view */

/** @param {Speaker} who */
export const isQuiet = (who) => spark.quiet.has(who)

/** @param {Speaker[]} who they hold back from now on, all others speak */
export function beQuiet(who) {
  if (who.length === spark.quiet.size && who.every(isQuiet)) return
  spark.quiet = new Set(who)
  document.dispatchEvent(new Event(CHANGED))
}

/** @param {() => void} call whenever that has changed @returns {() => void} ends it */
export function onQuiet(call) {
  document.addEventListener(CHANGED, call)
  return () => document.removeEventListener(CHANGED, call)
}
