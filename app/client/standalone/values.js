// The values of a state by their rows' keys: as a soma's parameters, stimuli and a run; what may be set.

const SAVED = "saved" // the values with which the page was saved
const NEAR = 0.1 // of the run, before whose end a stimulus ends that goes on with a longer one: app/session/lasting.py
const MOST = 2_000_000 // steps of a run: some hundred megabytes, and a second

/**
 * @typedef {object} Content what the page is made of, by app/static_page/content.py
 * @property {string} title
 * @property {string} text a paragraph below the title
 * @property {string} model
 * @property {string[]} equations
 * @property {State[]} states the first is the one that was saved
 * @property {string[]} noisy kinds of stimuli that are random
 * @property {string[]} constant kinds whose current stays the same
 * @property {string[]} show which views
 * @property {string} server where Spark runs, "" for nowhere
 * @property {{name: string, words: string, unit: string, symbol: string, level: boolean}[]} second variables beside the potential
 * @property {{name: string | null, symbol: string, unit: string, form: string} | null} plane what the phase plane shows against V
 * @property {boolean} rises whether spikes are drawn above the level, as the upstroke is no part of the model
 * @property {{light: Object<string, string>, dark: Object<string, string>}} colours
 */

/**
 * @typedef {object} State a set of values with which the page can begin
 * @property {string} id
 * @property {string} name
 * @property {string} solver
 * @property {any[]} rows of the model and the run, as `app/client/rows.py` describes them
 * @property {any[]} driven rows of the stimulus
 * @property {any[]} stimulus as plain data
 * @property {Object<string, number>} parameters those that have no row as well
 * @property {Object<string, number>} initial
 * @property {number} dt
 * @property {number} duration
 * @property {string} sources HTML
 * @property {any} session a session of the app
 * @property {Object<string, {words: string, unit: string, low: number | null, high: number | null, inclusive: boolean[], integer?: boolean}>} bounds
 * @property {string[]} locked keys of rows that no hand moves
 * @property {number} strongest current of its f-I curve, pA
 * @property {string[][]} ordered pairs of keys of which the first stays below the second
 */

export class Values {
  /** @param {State} state */
  constructor(state) {
    this.state = state
    /** @type {Object<string, any>} */
    this.of = {}
    /** @type {Object<string, any>} what was set and has no row */
    this.hidden = {}
    for (const row of [...state.rows, ...state.driven]) this.of[row.key] = row.value
  }

  /** @param {string} key @param {number} other */
  get(key, other) {
    return this.of[key] ?? this.hidden[key] ?? other
  }

  /** A value that may have no row. @param {string} key */
  read(key) {
    const [group, ...path] = key.split(".")
    return group === "stimulus" ? this.stimulus[Number(path[0])][path[1]] : this.parameters[path[0]]
  }

  get dt() {
    return this.get("config.dt", this.state.dt)
  }

  get duration() {
    return this.get("run.duration", this.state.duration)
  }

  get steps() {
    return Math.max(1, Math.round(this.duration / this.dt))
  }

  get parameters() {
    return Object.fromEntries(
      Object.entries(this.state.parameters).map(([name, value]) => [name, this.get(`config.${name}`, value)]),
    )
  }

  get stimulus() {
    return this.state.stimulus.map((part, k) => {
      const own = {...part}
      for (const field of Object.keys(part)) own[field] = this.get(`stimulus.${k}.${field}`, part[field])
      return own
    })
  }

  /** Why a run is too long for a page, "" where it is not. */
  get tooMany() {
    if (this.steps <= MOST) return ""
    const shorter = "shorten the run, or choose a longer time step"
    return `This run has ${this.steps.toLocaleString("en")} steps, of at most ${MOST.toLocaleString("en")}: ${shorter}.`
  }

  /**
   * Set a value; a stimulus that lasts until the end of the run, or nearly, does so when the run is made longer.
   * @param {string} key
   * @param {any} value
   * @returns {Object<string, any>} what else was set by that
   */
  set(key, value) {
    const before = this.duration, driven = this.stimulus, /** @type {Object<string, any>} */ more = {}
    this.of[key] = value
    if (key !== "run.duration") return more
    for (const [k, {onset, duration}] of driven.entries()) {
      if (onset == null || duration == null) continue
      const left = Math.max(before - onset - duration, 0), own = `stimulus.${k}.duration`
      const longer = left <= NEAR * before ? Math.max(duration, value - left - onset) : duration
      if (longer === duration) continue
      if (Object.hasOwn(this.of, own)) this.of[own] = more[own] = longer
      else this.hidden[own] = longer
    }
    return more
  }

  /** The rows that are not as the state has them. */
  get changed() {
    const rows = [...this.state.rows, ...this.state.driven]
    return Object.fromEntries(rows.filter(({key, value}) => this.of[key] !== value).map(({key}) => [key, this.of[key]]))
  }

  /** What stands after the # of the page's address. */
  get address() {
    const own = Object.entries(this.changed).map(([key, value]) => [key, String(value)])
    return String(new URLSearchParams([...(this.state.id === SAVED ? [] : [["values", this.state.id]]), ...own]))
  }

  /**
   * Why a value cannot be set, "" where it can.
   * @param {string} key
   * @param {any} value
   */
  refused(key, value) {
    const bounds = this.state.bounds[key]
    if (!Object.hasOwn(this.of, key)) return `There is no ${key}: there are ${Object.keys(this.of).join(", ")}.`
    if (bounds == null) return ""
    const {words, unit, low, high, inclusive, integer} = bounds,
      told = (/** @type {number} */ one) => `${one} ${unit}`.trim()
    if (typeof value !== "number" || !Number.isFinite(value)) return `The ${words} must be a number.`
    if (integer && !Number.isInteger(value)) return `The ${words} must be a whole number.`
    const under = low != null && (inclusive[0] ? value < low : value <= low)
    const over = high != null && (inclusive[1] ? value > high : value >= high)
    if (!under && !over) return ""
    const least = low == null ? "" : `${inclusive[0] ? "at least" : "greater than"} ${told(low)}`
    const most = high == null ? "" : `${inclusive[1] ? "at most" : "less than"} ${told(high)}`
    return `The ${words} must be ${[least, most].filter(Boolean).join(" and ")}, not ${told(value)}.`
  }

  /** Why these values cannot be run together, "" where they can. */
  get contradiction() {
    for (const [lower, upper] of this.state.ordered) {
      const [low, high] = [lower, upper].map((key) => this.read(key))
      if (low < high) continue
      const names = [lower, upper].map((key) => this.state.bounds[key]?.words ?? key)
      return `The ${names[0]} (${low}) must stay below the ${names[1]} (${high}).`
    }
    return ""
  }

  /** A session of the app with these values. */
  get session() {
    const session = structuredClone(this.state.session)
    for (const [key, value] of Object.entries(this.changed)) {
      const path = key.split(".")
      if (path[0] === "stimulus") session.stimulus[Number(path[1])][path[2]] = value
      else session[path[0]][path[1]] = value
    }
    if (Object.keys(this.changed).some((key) => key.startsWith("config."))) delete session.membrane_shown
    return session
  }
}
