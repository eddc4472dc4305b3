// The time of the run that is looked at, and heard: one for the whole page, whoever shows it. It plays in real time or
// slower. Nothing of it reaches the server.
import {spark} from "../shared/spark.js"

/** @type {[number, string][]} ms of the run per ms of ours */
export const SPEEDS = [[1, "1:1"], [0.5, "1:2"], [0.1, "1:10"], [0.02, "1:50"], [0.005, "1:200"]]
const USUAL = 0.1
const CALM = 500 // ms from one place of the line to the next where less motion is asked for

/**
 * @typedef {object} Voice what sounds as the time plays
 * @property {() => Promise<void>} ready
 * @property {(time: number, speed: number) => number} begin from this time of the run on; ms until it is heard
 * @property {() => void} ahead schedules what comes next
 * @property {() => void} stop takes back what has not sounded
 */

export class Moment {
  constructor() {
    /** @type {number | null} ms, null before there is one */
    this.now = null
    this.speed = USUAL
    this.playing = false
    /** @type {Voice | null} */
    this.voice = null
    /** @type {Map<string, () => [number, number]>} by name, who shows the time, and its first and last, ms */
    this.shown = new Map()
    /** @type {Set<() => void>} */
    this.follows = new Set()
    this.from = {clock: 0, time: 0}
    this.turn = 0
    this.told = 0
    // A page that nobody sees draws no frames, which are what schedules the clicks.
    document.addEventListener("visibilitychange", () => document.hidden && this.stop())
  }

  /**
   * @param {() => void} follow called with every change
   * @returns {() => void} let go
   */
  follow(follow) {
    this.follows.add(follow)
    return () => this.follows.delete(follow)
  }

  /**
   * Somebody shows the time, or does no longer; the last one whose limits are known says them.
   * @param {string} name
   * @param {(() => [number, number]) | null} limits
   */
  show(name, limits) {
    this.shown.delete(name)
    if (limits) this.shown.set(name, limits)
    if (!this.shown.size) this.stop()
    this.tell()
  }

  /** @returns {[number, number]} */
  get limits() {
    return [...this.shown.values()].pop()?.() ?? [0, 0]
  }

  /** @param {number} time */
  go(time) {
    this.now = time
    this.tell()
  }

  /** @param {number} speed */
  pace(speed) {
    this.speed = speed
    if (this.playing) this.anchor()
    this.tell()
  }

  async play() {
    const turn = ++this.turn
    this.playing = true
    this.tell()
    await this.voice?.ready()
    if (!this.playing || this.turn !== turn) return
    this.anchor()
    /** @param {number} clock */
    const step = (clock) => {
      if (this.playing && this.turn === turn) {
        this.step(clock)
        requestAnimationFrame(step)
      }
    }
    requestAnimationFrame(step)
  }

  /** What is heard decides: its clicks need a while to begin, and the line waits for them. */
  anchor() {
    const [first, last] = this.limits
    if (this.now == null || this.now < first || this.now >= last) this.now = first
    const delay = this.voice?.begin(this.now, this.speed) ?? 0
    this.from = {clock: performance.now() + delay, time: this.now}
  }

  /** @param {number} clock */
  step(clock) {
    this.voice?.ahead()
    const [, last] = this.limits
    this.now = Math.min(last, this.from.time + Math.max(0, clock - this.from.clock) * this.speed)
    if (this.now >= last) {
      this.playing = false
      this.told = 0
      if (!this.shown.has("plane")) this.now = null // nothing else says where the time stands: no line at the end
    } else if (calm()) {
      if (clock - this.told < CALM) return
      this.told = clock
    }
    this.tell()
  }

  stop() {
    if (!this.playing) return
    this.playing = false
    this.voice?.stop()
    this.tell()
  }

  tell() {
    for (const follow of [...this.follows]) follow()
  }
}

const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches

/** @returns {Moment} */
export const moment = () => spark.moment ??= new Moment()
