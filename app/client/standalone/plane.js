// The plane of the potential and the second variable: where they stand still, and where the run went.

import {span} from "./scale.js"

const COLUMNS = 120, ROUNDS = 3, PLACES = 60, HALVINGS = 30

/** @param {[number, number]} span */
const columns = ([low, high]) => Float64Array.from({length: COLUMNS + 1}, (_, k) => low + k / COLUMNS * (high - low))

/**
 * Where the flow of one variable is zero, found along the other axis in each column (or row) by Newton's steps: most are
 * straight lines there, so that the first step is exact.
 * @param {(s: Object<string, number>) => Object<string, number>} flow
 * @param {Object<string, number>} base the state but for what is varied
 * @param {string} still the variable whose flow is zero
 * @param {string} along the variable that goes from `low` to `high`
 * @param {string} found the variable that is looked for
 * @param {[number, number]} span of `along`
 * @param {number} size of a step of `found`
 */
function nullcline(flow, base, still, along, found, span, size) {
  const x = columns(span)
  let begin = base[found]
  const y = x.map((one) => {
    const at = (/** @type {number} */ value) => flow({...base, [along]: one, [found]: value})[still]
    let value = begin
    for (let round = 0; round < ROUNDS; round++) {
      const here = at(value), slope = (at(value + size) - here) / size
      if (!Number.isFinite(here / slope)) return NaN
      value -= here / slope
    }
    if (Number.isFinite(value)) begin = value
    return value
  })
  return {x, y}
}

/**
 * The same where the flow is no straight line along the other axis: the lowest place within the axis where it changes sign.
 * @param {(s: Object<string, number>) => Object<string, number>} flow
 * @param {Object<string, number>} base
 * @param {string} still
 * @param {string} along
 * @param {string} found
 * @param {[number, number]} span of `along`
 * @param {[number, number]} axis of `found`
 */
function crossings(flow, base, still, along, found, span, [bottom, top]) {
  const x = columns(span)
  const y = x.map((one) => {
    const at = (/** @type {number} */ value) => flow({...base, [along]: one, [found]: value})[still]
    const place = (/** @type {number} */ k) => bottom + k / PLACES * (top - bottom)
    for (let k = 0; k < PLACES; k++) {
      let [from, to] = [place(k), place(k + 1)]
      const rising = at(from) < 0
      if ((at(to) < 0) === rising) continue
      for (let n = 0; n < HALVINGS; n++) {
        const middle = (from + to) / 2
        if ((at(middle) < 0) === rising) from = middle
        else to = middle
      }
      return (from + to) / 2
    }
    return NaN
  })
  return {x, y}
}

/**
 * A trace that is broken where the neuron fires.
 * @param {ArrayLike<number>} trace
 * @param {number[]} spikes
 * @param {number} dt
 */
function broken(trace, spikes, dt) {
  const found = Float64Array.from(trace)
  for (const spike of spikes) {
    const k = Math.floor(spike / dt) + 1
    if (k < found.length) found[k] = NaN
  }
  return found
}

/**
 * Of a neuron without a second variable: how fast its potential moves, and where it stands still.
 * @param {import("./plot.js").Plot} plot
 * @param {(s: Object<string, number>) => Object<string, number>} flow
 * @param {Object<string, number>} base
 * @param {Object<string, string>} colours
 * @param {boolean} rests
 */
function line(plot, flow, base, colours, rests) {
  const x = columns(plot.x)
  const y = x.map((potential) => flow({...base, potential}).potential)
  plot.reach(Math.min(0, ...y), Math.max(0, ...y), rests)
  plot.lines = [
    {x: plot.x, y: [0, 0], colour: colours.ghost, width: 1.4},
    {x, y, colour: colours.potential, width: 2},
  ]
}

/**
 * @param {import("./plot.js").Plot} plot
 * @param {import("./picture.js").Picture} picture whose run it is
 */
export function drawPlane(plot, {run, soma, colours, content, rests = true}) {
  const {name, symbol, form} = content.plane ?? {name: null, symbol: "", form: "none"}
  const [start, end] = run.window, at = Math.min(run.steps - 1, Math.floor((start + end) / 2 / run.dt))
  const current = run.held[at], [low, high] = span(run.traces.potential)
  const room = 0.15 * (high - low || 1)
  plot.x = [low - room, high + room]
  const base = soma.initial(run.p)
  const flow = (/** @type {any} */ s) => soma.flow(run.p, s, current)
  if (name == null) return line(plot, flow, base, colours, rests)
  const trace = run.traces[name], [from, to] = span(trace), size = (to - from || 1) / 1e3
  plot.reach(from, to, rests)
  const v = form === "vertical"
    ? nullcline(flow, base, "potential", name, "potential", /** @type {[number, number]} */ (plot.y), 1e-3)
    : form === "explicit"
    ? nullcline(flow, base, "potential", "potential", name, plot.x, size)
    : crossings(flow, base, "potential", "potential", name, plot.x, /** @type {[number, number]} */ (plot.y))
  const w = nullcline(flow, base, name, "potential", name, plot.x, size)
  plot.lines = [
    {
      ...(form === "vertical" ? {x: v.y, y: v.x} : v),
      colour: colours.potential,
      width: 2,
      dash: [7, 4],
      name: "dV/dt = 0",
    },
    {...w, colour: colours.second, width: 2, dash: [7, 4], name: `d${symbol}/dt = 0`},
    {x: run.traces.potential, y: broken(trace, run.spikes, run.dt), colour: colours.trail, width: 1.3},
  ]
}
