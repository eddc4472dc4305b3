// The path of a run through the plane, and the state at a time of it.

/** @typedef {{x: ArrayLike<number>, y: ArrayLike<number>, t: ArrayLike<number>}} Path columns; t is the time in ms */

/**
 * The last time that is known.
 * @param {Path} path
 */
export function end({t}) {
  for (let i = t.length - 1; i >= 0; i--) {
    if (Number.isFinite(t[i])) return t[i]
  }
  return 0
}

/**
 * The state at a time: between the two points of the path around it, none of which lies across a spike.
 * @param {Path} path
 * @param {number} time
 * @returns {[number, number]}
 */
export function at({x, y, t}, time) {
  let low = 0
  for (let i = 0; i < t.length; i++) {
    if (t[i] <= time) low = i
    else if (t[i] > time) break
  }
  const next = low + 1
  if (!(t[next] > t[low])) return [x[low], y[low]]
  const part = Math.min(1, (time - t[low]) / (t[next] - t[low]))
  return [x[low] + part * (x[next] - x[low]), y[low] + part * (y[next] - y[low])]
}
