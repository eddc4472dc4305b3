// A sketch over the trace that it was of; the page alone knows it.
import {fill, named} from "../shared/seam.js"

/**
 * @param {any} doc
 * @param {[number, number][] | null | undefined} points null takes it away
 */
export function ghost(doc, points) {
  const some = points ?? []
  fill(named(doc, "spark:sketch"), {x: some.map(([x]) => x), y: some.map(([, y]) => y)})
}
