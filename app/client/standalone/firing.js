// Which firing pattern a spike train shows, and the read-outs: `spark.analysis.classify` and app/run/readouts.py, whose
// words and limits these are; tests hold both to the same trains.

const STEADY = 1.15, BURST_GAP = 2, LATE = 1.25, LATE_MS = 33, SILENCE = 2, SPREAD = 0.3
const JITTER = 0.2, EARLY = 0.25, NOISY_BURSTS = 3, NOISY_GAP = 3, NOISY_INTERVALS = 6

/** @param {number[]} of */
const mean = (of) => of.reduce((sum, one) => sum + one, 0) / of.length
/** @param {number[]} of */
const most = (of) => of.reduce((high, one) => Math.max(high, one), -Infinity)
/** @param {number[]} of */
const least = (of) => of.reduce((low, one) => Math.min(low, one), Infinity)
/** @param {number[]} of */
const gaps = (of) => of.slice(1).map((one, k) => one - of[k])

/** @param {number[]} of */
function variation(of) {
  if (of.length === 0) return 0
  const middle = mean(of)
  return Math.sqrt(mean(of.map((one) => (one - middle) ** 2))) / middle
}

/** @param {number[]} intervals */
const localVariation = (intervals) =>
  intervals.length < 2
    ? 0
    : mean(gaps(intervals).map((rise, k) => 2 * Math.abs(rise) / (intervals[k + 1] + intervals[k])))

/**
 * @param {number[]} times of spikes, sorted, ms
 * @param {number} start of the stimulus, ms
 * @param {number} end
 * @param {boolean} noisy whether it is random
 * @returns {{pattern: string, spikes: number[]}} and the spikes of which it was told
 */
export function classify(times, start, end, noisy = false) {
  const before = times.some((t) => t < start), after = times.filter((t) => t >= start)
  const during = after.filter((t) => t <= end)
  const rebound = 2 * during.length < after.length && !before && stops(during, start, end, noisy)
  const spikes = rebound ? after : during
  if (spikes.length === 0) return {pattern: "silent", spikes}
  if (rebound || stops(spikes, start, end, noisy)) return {pattern: "transient", spikes}
  const intervals = gaps(spikes)
  const kind = noisy ? underNoise(intervals) : repetitive(intervals)
  const compared = noisy ? Math.max(0, most(intervals)) : intervals[0]
  const late = intervals.length > 0 && spikes[0] - start >= Math.max(LATE_MS, LATE * compared)
  return {pattern: late ? `delayed ${kind}` : kind, spikes}
}

/**
 * @param {number[]} spikes
 * @param {number} start
 * @param {number} end
 * @param {boolean} noisy
 */
function stops(spikes, start, end, noisy) {
  if (spikes.length === 0) return true
  const last = spikes[spikes.length - 1]
  if (noisy) return last <= start + EARLY * (end - start)
  const longest = Math.max(0, most(gaps(spikes)))
  return spikes.length === 1 || end - last > Math.max(SILENCE * longest, (end - start) / 4)
}

/** @param {number[]} intervals */
function repetitive(intervals) {
  const limit = gapOf(intervals)
  if (limit != null) {
    const pause = intervals.map((one) => one > limit), runs = runsOf(pause)
    const pauses = intervals.filter((_, k) => pause[k])
    if (beginsWithBurst(runs, pause)) return "initial burst"
    if (runs.filter(Boolean).length >= 2 && !pause[0]) return alike(runs, pauses) ? "bursting" : "irregular"
  }
  const late = intervals.slice(Math.floor(intervals.length / 2))
  if (late.length >= 6 && variation(late) > SPREAD) return "irregular"
  return trend(intervals[0], intervals[intervals.length - 1])
}

/** @param {number[]} intervals */
function underNoise(intervals) {
  const limit = gapOf(intervals)
  if (limit != null) {
    const pause = intervals.map((one) => one > limit), runs = runsOf(pause)
    const pauses = intervals.filter((_, k) => pause[k]), short = intervals.filter((_, k) => !pause[k])
    const wide = least(pauses) >= NOISY_GAP * most(short)
    if (beginsWithBurst(runs, pause) && wide && intervals.length >= NOISY_INTERVALS && variation(pauses) <= SPREAD) {
      return "initial burst"
    }
    const bursts = runs.filter(Boolean).length
    const enough = bursts > NOISY_BURSTS || (bursts === NOISY_BURSTS && short.length >= 2 * bursts)
    if (enough && !pause[0] && alike(runs, pauses)) return "bursting"
  }
  if (intervals.length < 2 || localVariation(intervals) > JITTER) return "irregular"
  const third = Math.max(1, Math.floor(intervals.length / 3))
  return trend(mean(intervals.slice(0, third)), mean(intervals.slice(-third)))
}

/**
 * The number of short intervals before, between and after pauses.
 * @param {boolean[]} pause
 */
function runsOf(pause) {
  const runs = [0]
  for (const one of pause) {
    if (one) runs.push(0)
    else runs[runs.length - 1]++
  }
  return runs
}

/**
 * @param {number[]} runs
 * @param {boolean[]} pause
 */
const beginsWithBurst = (runs, pause) =>
  runs[0] >= 2 && runs.filter(Boolean).length === 1 && pause.slice(runs[0]).every(Boolean)

/**
 * @param {number[]} runs
 * @param {number[]} pauses
 */
function alike(runs, pauses) {
  const inner = runs.slice(1, -1)
  const steady = inner.length === 0 || (least(inner) > 0 && most(inner) - least(inner) <= 1)
  return steady && (pauses.length < 3 || variation(pauses.slice(1)) < SPREAD)
}

/**
 * @param {number} first
 * @param {number} last
 */
function trend(first, last) {
  if (last > STEADY * first) return "adapting"
  return last < first / STEADY ? "accelerating" : "tonic"
}

/** @param {number[]} intervals */
function gapOf(intervals) {
  if (intervals.length < 3) return null
  const ordered = [...intervals].sort((one, other) => one - other)
  const ratios = ordered.slice(1).map((one, k) => one / ordered[k])
  const widest = ratios.indexOf(most(ratios))
  return ratios[widest] >= BURST_GAP ? Math.sqrt(ordered[widest] * ordered[widest + 1]) : null
}

/**
 * The numbers above the plots: label, value, unit.
 * @param {number[]} times of all spikes, ms
 * @param {[number, number]} window while the stimulus is on, ms
 * @param {boolean} noisy
 * @param {number} dt
 * @returns {[string, string, string][]}
 */
export function readouts(times, [onset, end], noisy, dt) {
  const {pattern, spikes} = classify(times, onset, end, noisy)
  const intervals = gaps(spikes), rises = gaps(intervals)
  const during = times.filter((t) => t >= onset && t <= end)
  const latency = spikes.length > 0 ? spikes[0] - onset : null
  const index = rises.length > 0 ? mean(rises.map((rise, k) => rise / (intervals[k + 1] + intervals[k]))) : null
  const others = times.length !== spikes.length ? `of ${times.length} in all` : ""
  const soon = latency != null && latency < Math.min(0.05, dt)
  return [
    ["pattern", pattern, ""],
    ["spikes", String(spikes.length), others],
    ["rate, stimulus on", rounded(1000 * during.length / (end - onset), 1), "Hz"],
    ["first spike after", soon ? `< ${dt}` : fixed(latency, 1), "ms"],
    ["mean interval", fixed(intervals.length > 0 ? mean(intervals) : null, 1), "ms"],
    ["CV", fixed(intervals.length > 1 ? variation(intervals) : null, 2), ""],
    ["adaptation index", fixed(index, 3), ""],
  ]
}

/**
 * So many digits; what lies in the middle of two goes to the even one, as in the app.
 * @param {number} value
 * @param {number} digits
 */
function rounded(value, digits) {
  const text = value.toFixed(digits), whole = value.toFixed(digits + 40)
  const kept = whole.slice(0, whole.length - 40)
  return /[02468]$/.test(kept) && /^50*$/.test(whole.slice(-40)) ? kept : text
}

/**
 * @param {number | null} value
 * @param {number} digits
 */
function fixed(value, digits) {
  if (value == null) return "–"
  const text = rounded(value, digits)
  return Number(text) === 0 ? text.replace("-", "") : text.replace("-", "−")
}
