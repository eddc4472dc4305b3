// A pointer on a figure, which a view hears of.
import {spark} from "../shared/spark.js"

const GAP = 25 // ms between messages

let last = -Infinity
/** @type {ReturnType<typeof setTimeout> | undefined} */
let waiting

/**
 * Tell the view where the pointer is: at most once in a gap, and always the last place, so that a hand that stops is
 * where it stopped.
 * @param {string} to address of the view
 * @param {{type: string, x: number, y: number, final: boolean}} said
 */
export function hand(to, said) {
  const tell = () => {
    last = performance.now()
    spark.say?.(to, said)
  }
  const wait = said.final ? 0 : GAP - (performance.now() - last)
  clearTimeout(waiting)
  if (wait > 0) waiting = setTimeout(tell, wait)
  else tell()
}
