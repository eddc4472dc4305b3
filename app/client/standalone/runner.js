// Runs: at once where they are short, in a worker where they are long, of which only the newest counts.

const SHORT = 60_000 // steps that take a few milliseconds

/**
 * @typedef {object} Task
 * @property {string} solver which of the page's modules
 * @property {Object<string, number>} p
 * @property {any} stimulus
 * @property {number} dt
 * @property {number} steps
 * @property {object} options of the module's `run`
 * @property {number[]} [units] of which the spikes are wanted as well
 * @property {number[]} [amplitudes] of constant currents of which the rates are wanted
 */

/**
 * What a task gives; it also runs in the worker, so that it stands alone.
 * @param {any} soma a module
 * @param {Task} task
 */
export function done(soma, task) {
  try {
    return run(soma, task)
  } catch (error) {
    return {error: String(/** @type {Error} */ (error).message)}
  }
}

/**
 * @param {any} soma
 * @param {Task} task
 */
function run(soma, {p, stimulus, dt, steps, options, units = [], amplitudes = []}) {
  const trains = units.map((unit) => soma.run(p, stimulus, dt, steps, {...options, record: [], unit}).spikes)
  const rates = amplitudes.map((amplitude) => {
    const {spikes} = soma.run(p, amplitude, dt, steps, {...options, record: []})
    const late = spikes.filter((/** @type {number} */ t) => t > steps * dt / 2)
    const steady = late.length > 1 ? 1000 * (late.length - 1) / (late[late.length - 1] - late[0]) : 0
    return {first: spikes.length > 1 ? 1000 / (spikes[1] - spikes[0]) : 0, steady}
  })
  const whole = options == null ? null : soma.run(p, stimulus, dt, steps, options)
  return {...whole, trains, rates}
}

export class Runner {
  /** @param {Object<string, () => any>} sources functions that make a module */
  constructor(sources) {
    this.sources = sources
    /** @type {Map<string, any>} */
    this.modules = new Map()
    /** @type {Worker | null | undefined} */
    this.worker = undefined
    /** @type {Map<string, {task: Task, then: (found: any) => void}>} what waits, by what it is for */
    this.waiting = new Map()
    /** @type {{what: string, then: (found: any) => void} | null} */
    this.busy = null
  }

  /** @param {string} solver */
  module(solver) {
    const known = this.modules.get(solver)
    if (known) return known
    const made = this.sources[solver]()
    this.modules.set(solver, made)
    return made
  }

  /**
   * @param {string} what it is for: a later one of the same takes the place of one that has not begun
   * @param {Task} task
   * @param {(found: any) => void} then
   */
  run(what, task, then) {
    const runs = 1 + (task.units?.length ?? 0) + (task.amplitudes?.length ?? 0)
    this.waiting.delete(what)
    if (this.busy?.what === what) this.busy.then = () => {}
    if (runs * task.steps <= SHORT || this.open() == null) return then(done(this.module(task.solver), task))
    this.waiting.set(what, {task, then})
    this.next()
  }

  /** The worker, null where the browser lets none be. */
  open() {
    if (this.worker !== undefined) return this.worker
    const code = `const sources = {${
      Object.entries(this.sources).map(([name, one]) => `${JSON.stringify(name)}: ${one}`)
    }}
      const modules = {}
      const run = ${run}
      const done = ${done}
      onmessage = ({data}) => {
        const soma = modules[data.solver] ??= sources[data.solver]()
        postMessage(done(soma, data))
      }`
    try {
      this.worker = new Worker(URL.createObjectURL(new Blob([code], {type: "text/javascript"})))
      this.worker.onmessage = ({data}) => {
        const {busy} = this
        this.busy = null
        busy?.then(data)
        this.next()
      }
      this.worker.onerror = () => { // a policy of the page around this one forbids it
        this.worker = null
        const waiting = [...this.waiting.values()]
        this.waiting.clear()
        this.busy = null
        for (const {task, then} of waiting) then(done(this.module(task.solver), task))
      }
    } catch {
      this.worker = null
    }
    return this.worker
  }

  next() {
    const [first] = this.waiting
    if (this.busy || first == null || this.worker == null) return
    const [what, {task, then}] = first
    this.waiting.delete(what)
    this.busy = {what, then}
    this.worker.postMessage(task)
  }
}
