// What the hand has moved since the server last wrote the address: kept by the page itself, so that a tab that is closed, or
// a connection that is lost, takes no more with it than the last instant.
import {spark} from "./spark.js"

const INSTANT = 100 // ms: what was moved shorter ago may not have reached the server when it wrote the address

/**
 * @param {Object<string, any>} values by rows' keys
 */
export function moved(values) {
  const now = Date.now()
  for (const [key, value] of Object.entries(values)) spark.moves.set(key, [value, now])
  spark.onMoved?.()
}

/** The address holds what was moved before. */
export function settle() {
  const then = Date.now() - INSTANT
  for (const [key, [, at]] of spark.moves) if (at < then) spark.moves.delete(key)
}

/** @returns {Object<string, any>} */
export const unsettled = () => Object.fromEntries([...spark.moves].map(([key, [value]]) => [key, value]))
