// /*:title*/
// Units: mV, ms, pA, GOhm, nS. `p` and `s` are objects with a number for each parameter and state variable.

export const model = /*:model*/
const ORDER = /*:order*/

/** One step after the other of dt ms: (z, current) -> when in the step it fired, ms after its beginning; -1 if not. */
function stepper(p, dt) {
/*:stepper*/
  return (z, current) => {
/*:step*/
  }
}

/** The state `s` in the coordinates `z` in which the solver advances it. */
function enter(p, s, z) {
/*:enter*/
}

/** The state that has these coordinates. */
function leave(p, z, s) {
/*:leave*/
}

/** The state at rest but for what is given. */
export function initial(p, given = {}) {
  const /*:potential*/ = given.potential ?? p.potential_rest
/*:initial*/
  return {.../*:rest*/, ...given}
}

/** ds/dt per ms under a current. */
export function flow(p, s, current) {
/*:flow*/
}

/** The potential above which it fires, mV. */
export function level(p, s) {
/*:level*/
}

const numbers = (s) => Float64Array.from(ORDER, (name) => s[name])
const named = (s) => Object.fromEntries(ORDER.map((name, k) => [name, s[k]]))

/** One step of dt ms under a held current: the state at its end, whether it fired, and how many ms after its beginning. */
export function step(p, s, current, dt) {
  const own = numbers(s), z = new Float64Array(ORDER.length)
  enter(p, own, z)
  const offset = stepper(p, dt)(z, current)
  leave(p, z, own)
  return {state: named(own), fired: offset >= 0, offset: Math.max(offset, 0)}
}

/** A run of so many steps; see `javascript` in Spark's documentation. */
export function run(p, stimulus, dt, steps, {state = {}, record = ["potential"], unit = 0} = {}) {
  const held = currents(stimulus, dt, steps, unit)
  const own = numbers(initial(p, state)), z = new Float64Array(ORDER.length)
  const move = stepper(p, dt), spikes = []
  const traces = Object.fromEntries(record.map((name) => [name, new Float64Array(steps)]))
  const places = record.map((name) => ORDER.indexOf(name)), rows = Object.values(traces)
  enter(p, own, z)
  for (let k = 0; k < steps; k++) {
    if (rows.length > 0) {
      leave(p, z, own)
      for (let i = 0; i < rows.length; i++) {
        rows[i][k] = places[i] >= 0 ? own[places[i]] : record[i] === "current" ? held[k] : level(p, named(own))
      }
    }
    const offset = move(z, held[k])
    if (offset >= 0) spikes.push(k * dt + offset)
  }
  leave(p, z, own)
  return {spikes, traces, state: named(own)}
}

/*:stimuli*/
