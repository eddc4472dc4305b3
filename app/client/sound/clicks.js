// Spikes as clicks: when, how far to the left or right, and how loud. Neurons stand in a row from left to right, in a few
// places; what falls together in one place is one click, louder, so that no rate makes more of them than can be heard.

export const PLACES = 9 // from left to right
export const MERGED = 4 // ms of ours, in which the spikes of a place are one click
export const LEVELS = 4 // of loudness, the last for 16 spikes and more

/**
 * @typedef {{times: ArrayLike<number>, rows: ArrayLike<number>, units: number}} Spikes times in ms, rows from 1 on
 * @typedef {{time: number, place: number, level: number}} Click `time` in ms of the run, `level` from 0 on
 */

/**
 * Clicks in the order of time.
 * @param {Spikes} spikes
 * @param {number} speed ms of the run per ms of ours
 * @returns {Click[]}
 */
export function clicksOf({times, rows, units}, speed) {
  const count = placesOf(units)
  const order = Uint32Array.from(times, (_, i) => i).sort((one, other) => times[one] - times[other])
  const last = Array(count).fill(null) // click of each place
  /** @type {(Click & {spikes: number})[]} */
  const clicks = []
  for (const i of order) {
    const place = units > 1 ? Math.round((rows[i] - 1) / (units - 1) * (count - 1)) : 0
    const before = last[place]
    if (before && times[i] - before.time < MERGED * speed) before.spikes++
    else clicks.push(last[place] = {time: times[i], place, level: 0, spikes: 1})
  }
  return clicks.map(({time, place, spikes}) => ({time, place, level: levelOf(spikes)}))
}

/**
 * How many places there are for so many neurons.
 * @param {number} units
 */
export const placesOf = (units) => Math.max(1, Math.min(units, PLACES))

/**
 * How far to the right a place is, from -1 to 1.
 * @param {number} place
 * @param {number} count of all
 */
export const pan = (place, count) => count > 1 ? 2 * place / (count - 1) - 1 : 0

/** @param {number} spikes that fall together: twice as loud for four times as many */
const levelOf = (spikes) => Math.min(LEVELS - 1, Math.round(Math.log2(spikes) / 4 * (LEVELS - 1)))

/**
 * Index of the first click at or after this time.
 * @param {Click[]} clicks
 * @param {number} time
 */
export function firstFrom(clicks, time) {
  const found = clicks.findIndex((one) => one.time >= time)
  return found < 0 ? clicks.length : found
}
