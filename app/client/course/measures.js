// What goals name, measured of the run that is shown, or of one with other values: app/lessons/bench.py, as far as a page
// without a server can. What has no value is an error, and the goal is not reached.
import {classify} from "../standalone/firing.js"
import {windowOf} from "../standalone/window.js"

/** @typedef {{spikes: number[], traces: any, dt: number, window: [number, number], noisy: boolean}} Run */
/** @type {Object<string, (run: Run, own: Object<string, number>) => any>} */
const MEASURES = {
  pattern: (run) => firing(run).pattern,
  rate: ({spikes, window: [onset, end]}) => 1000 * spikes.filter((t) => t >= onset && t <= end).length / (end - onset),
  spikes: (run, {since, until}) =>
    since == null && until == null
      ? firing(run).spikes.length
      : run.spikes.filter((t) => t >= (since ?? 0) && t <= (until ?? Infinity)).length,
  latency: (run) => firing(run).spikes[0] - run.window[0],
  interval: (run) => mean(intervals(run)),
  first_interval: (run) => intervals(run)[0],
  last_interval: (run) => intervals(run).at(-1),
  shortest_interval: (run) => Math.min(...intervals(run)),
  cv: (run) => intervals(run).length > 1 ? variation(intervals(run)) : undefined,
  potential: ({traces, dt}, {at}) => sample(traces.potential, at / dt),
  highest: ({traces}) => traces.potential.reduce((/** @type {number} */ a, /** @type {number} */ b) => Math.max(a, b)),
  lowest: ({traces}) => traces.potential.reduce((/** @type {number} */ a, /** @type {number} */ b) => Math.min(a, b)),
}

/** @param {Run} run */
const firing = ({spikes, window: [onset, end], noisy}) => classify(spikes, onset, end, noisy)
/** @param {Run} run */
function intervals(run) {
  const {spikes} = firing(run)
  return spikes.slice(1).map((t, k) => t - spikes[k])
}
/** @param {number[]} of */
const mean = (of) => of.reduce((sum, one) => sum + one, 0) / of.length
/** @param {number[]} of */
const variation = (of) => Math.sqrt(mean(of.map((one) => (one - mean(of)) ** 2))) / mean(of)

/** @param {ArrayLike<number>} values @param {number} at */
function sample(values, at) {
  const k = Math.min(Math.floor(at), values.length - 1), next = Math.min(k + 1, values.length - 1)
  return values[k] + (at - k) * (values[next] - values[k])
}

/**
 * Whether a goal is reached.
 * @param {(m: Function, v: Function) => any} goal
 * @param {import("../standalone/standalone.js").Page} page whose run is there
 */
export function reached(goal, page) {
  const {values, shown} = page
  /** @param {string} name @param {Object<string, number>} own @param {Object<string, any>} changes by path */
  const measure = (name, own, changes) => {
    const found = MEASURES[name](Object.keys(changes).length ? other(page, changes) : shown, own)
    if (found == null || (typeof found === "number" && !Number.isFinite(found))) throw new RangeError(name)
    return found
  }
  /** @param {string} path */
  const value = (path) => {
    if (path === "run.duration") return values.duration
    if (path === "config.dt") return values.dt
    return values.get(path, values.read(path))
  }
  try {
    return goal(measure, value) === true
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}

/**
 * A run with other values.
 * @param {import("../standalone/standalone.js").Page} page
 * @param {Object<string, any>} changes
 * @returns {Run}
 */
function other({values, shown, content, runner}, changes) {
  /** @param {string} path @param {any} own */
  const changed = (path, own) => Object.hasOwn(changes, path) ? changes[path] : own
  const p = Object.fromEntries(
    Object.entries(values.parameters).map(([name, own]) => [name, changed(`config.${name}`, own)]),
  )
  const stimulus = values.stimulus.map((part, k) =>
    Object.fromEntries(Object.entries(part).map(([name, own]) => [name, changed(`stimulus.${k}.${name}`, own)]))
  )
  const dt = changed("config.dt", values.dt), duration = changed("run.duration", values.duration)
  const steps = Math.max(1, Math.round(duration / dt))
  const run = runner.module(values.state.solver).run(p, stimulus, dt, steps, {
    state: values.state.initial,
    record: ["potential"],
  })
  return {...run, dt, noisy: shown.noisy, window: windowOf(stimulus, content.constant, steps * dt)}
}
