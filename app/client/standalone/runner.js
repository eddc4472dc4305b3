// Runs: at once where they are short, in a worker where they are long, of which only the newest counts.

const SHORT = 20_000 // steps that take about ten milliseconds

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
function done(soma, task) {
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
    const gaps = spikes.slice(1).map((/** @type {number} */ t, /** @type {number} */ k) => t - spikes[k])
    const late = gaps.filter((/** @type {number} */ _, /** @type {number} */ k) => spikes[k + 1] >= steps * dt / 2)
    const stopped = steps * dt - spikes[spikes.length - 1] > 2 * Math.max(...late) // as `steady_rate` has it
    const mean = late.reduce((/** @type {number} */ sum, /** @type {number} */ one) => sum + one, 0) / late.length
    return {first: gaps.length > 0 ? 1000 / gaps[0] : 0, steady: late.length > 0 && !stopped ? 1000 / mean : 0}
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
    /** @type {{what: string, task: Task, then: (found: any) => void} | null} */
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
    if (runs * task.steps <= SHORT || this.open() == null) {
      this.forget(what)
      return then(done(this.module(task.solver), task))
    }
    this.waiting.delete(what)
    this.waiting.set(what, {task, then})
    this.next()
  }

  /** What is under way for this is wanted no longer. @param {string} what */
  forget(what) {
    this.waiting.delete(what)
    if (this.busy?.what === what) this.busy.then = () => {}
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
        const waiting = [...(this.busy ? [this.busy] : []), ...this.waiting.values()]
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
    this.busy = {what, task, then}
    this.worker.postMessage(task)
  }
}
