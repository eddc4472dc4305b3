// What the hand has moved since the server last wrote the address: kept by the page itself, so that a tab that is closed, or
// a connection that is lost, takes no more with it than the last instant.
import {spark} from "./spark.js"

/**
 * @param {Object<string, any>} values by rows' keys
 * @returns {number} of this move, which the server says back once it has heard of it
 */
export function moved(values) {
  spark.moved++
  for (const [key, value] of Object.entries(values)) spark.moves.set(key, [value, spark.moved])
  spark.onMoved?.()
  return spark.moved
}

/**
 * The address holds what was moved until then.
 * @param {number} heard the number of the last move that the server knew
 */
export function settle(heard) {
  for (const [key, [, move]] of spark.moves) if (move <= heard) spark.moves.delete(key)
}

/**
 * The same, the oldest first: what may not have been heard of.
 * @returns {{move: number, values: Object<string, any>}[]}
 */
export const inOrder = () =>
  [...spark.moves].map(([key, [value, move]]) => ({move, values: {[key]: value}})).sort((a, b) => a.move - b.move)

/** @returns {Object<string, any>} */
export const unsettled = () => Object.fromEntries([...spark.moves].map(([key, [value]]) => [key, value]))
