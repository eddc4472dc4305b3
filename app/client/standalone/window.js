// From the first onset to the last end of stimuli within a run: `Stimulus.window`, whose rules these are.

/**
 * @param {any[]} parts stimuli as plain data
 * @param {string[]} constant the kinds whose current stays the same
 * @param {number} duration of the run, ms
 * @returns {[number, number]}
 */
export function windowOf(parts, constant, duration) {
  const spans = parts.map((part) => {
    const start = part.onset ?? 0, end = part.duration == null ? Infinity : start + part.duration
    return {start, end, bias: constant.includes(part.type) && start <= 0 && end >= duration}
  })
  const counts = spans.some(({bias}) => !bias) ? spans.filter(({bias}) => !bias) : spans
  const start = Math.min(...counts.map((one) => one.start))
  const end = Math.min(Math.max(...counts.map((one) => one.end)), duration)
  return end > start ? [start, end] : [0, duration]
}
