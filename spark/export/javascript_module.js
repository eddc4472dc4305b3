// /*:title*/
// Units: mV, ms, pA, GOhm, nS. `p` and `s` are objects with a number for each parameter and state variable; `z` is an
// array with the state in the coordinates in which the solver advances it, in the order of the variables.

export const model = /*:model*/
const ORDER = /*:order*/

/** One step after the other of dt ms: (z, current) -> when in the step it fired, ms after its beginning; -1 if not. */
function stepper(p, dt) {
/*:stepper*/
  return (z, current) => {
/*:step*/
  }
}

/** The coordinates that a state has. */
function enter(p, s) {
/*:enter*/
}

/** What can be read from coordinates: (p) -> (z) -> number. */
const READERS = {
/*:readers*/
}

/** The state that has these coordinates. */
function leave(p, z) {
  return Object.fromEntries(ORDER.map((name) => [name, READERS[name](p)(z)]))
}

/** The state at rest but for what is given. */
export function initial(p, given = {}) {
  for (const name in given) {
    if (!ORDER.includes(name)) throw new Error(`The state has no ${JSON.stringify(name)}, but ${ORDER.join(", ")}.`)
  }
  const /*:potential*/ = given.potential ?? p.potential_rest
/*:initial*/
  return {/*:rest*/, ...given}
}

/** ds/dt per ms under a current. */
export function flow(p, s, current) {
/*:flow*/
}

/** The potential above which it fires, mV. */
export function level(p, s) {
/*:level*/
}

/** How fast each variable decays, 1/ms. */
function rates(p, s) {
/*:rates*/
}

/** Why the solver would run away unseen with steps of dt ms, "" where it would not. */
export function tooLong(p, dt) {
  const [[name, fastest]] = Object.entries(rates(p, initial(p))).sort(([, one], [, other]) => other - one)
  if (!(fastest * dt > /*:stable*/)) return ""
  const digits = (value, count) => Number(value.toPrecision(count))
  return `dt = ${digits(dt, 6)} ms is too long: the ${name} has a time constant of ${digits(1 / fastest, 4)} ms, and ` +
    `${/*:solver*/} needs dt below ${digits(/*:stable*/ / fastest, 3)} ms. ` +
    "Shorten the time step or lengthen the time constant."
}

/** One step of dt ms under a held current: the state at its end, whether it fired, and how many ms after its beginning. */
export function step(p, s, current, dt) {
  const z = enter(p, s), offset = stepper(p, dt)(z, current)
  return {state: leave(p, z), fired: offset >= 0, offset: Math.max(offset, 0)}
}

/** A run of so many steps; see `javascript` in Spark's documentation. */
export function run(p, stimulus, dt, steps, {state = {}, record = ["potential"], unit = 0} = {}) {
  const known = [...Object.keys(READERS), "current"]
  for (const name of record) {
    if (!known.includes(name)) throw new Error(`There is no ${JSON.stringify(name)} to record, but ${known.join(", ")}.`)
  }
  const held = currents(stimulus, dt, steps, unit)
  const traces = Object.fromEntries(record.map((name) => [name, name === "current" ? held : new Float64Array(steps)]))
  const rows = Object.entries(traces).filter(([, row]) => row !== held)
    .map(([name, row]) => ({row, read: READERS[name](p)}))
  const z = enter(p, initial(p, state)), move = stepper(p, dt), spikes = []
  for (let k = 0; k < steps; k++) {
    for (const {row, read} of rows) row[k] = read(z)
    const offset = move(z, held[k])
    if (offset >= 0) spikes.push(k * dt + offset)
  }
  return {spikes, traces, state: leave(p, z)}
}

/*:stimuli*/
