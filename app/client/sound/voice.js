// The clicks of a run, scheduled ahead by the clock of the sound: a page that is busy for a moment is not heard.
import {clicksOf, firstFrom, placesOf} from "./clicks.js"
import {Loudspeaker} from "./loudspeaker.js"

const LEAD = 50 // ms until the first click
const AHEAD = 0.3 // s that are scheduled
const PATIENCE = 1000 // ms to wait for the browser's permission

export class Voice {
  /**
   * @param {() => import("./clicks.js").Spikes} read the spikes that are shown
   * @param {() => void} silent called where the browser gives no sound
   */
  constructor(read, silent) {
    this.read = read
    this.silent = silent
    /** @type {AudioContext | null} made with the first gesture that plays */
    this.context = null
    /** @type {Loudspeaker | null} */
    this.loudspeaker = null
    /** @type {import("./clicks.js").Click[]} */
    this.clicks = []
    this.next = 0
    this.from = {when: 0, time: 0, speed: 1}
    /** @type {Set<AudioBufferSourceNode>} */
    this.waiting = new Set()
    this.stale = false
  }

  async ready() {
    try {
      this.context ??= new AudioContext({latencyHint: "interactive"})
      this.loudspeaker ??= new Loudspeaker(this.context)
      await Promise.race([this.context.resume(), new Promise((done) => setTimeout(done, PATIENCE))])
    } catch (error) {
      console.warn(error)
    }
    if (this.context?.state !== "running") this.silent()
  }

  /**
   * @param {number} time ms of the run
   * @param {number} speed
   */
  begin(time, speed) {
    this.stop()
    const {context} = this
    if (context?.state !== "running") return 0
    this.from = {when: context.currentTime + LEAD / 1000, time, speed}
    this.plan(time)
    return LEAD + 1000 * (context.outputLatency || context.baseLatency || 0)
  }

  /** @param {number} time from which on the clicks are still to come */
  plan(time) {
    this.stale = false
    const spikes = this.read()
    this.loudspeaker?.arrange(placesOf(spikes.units))
    this.clicks = clicksOf(spikes, this.from.speed)
    this.next = firstFrom(this.clicks, time)
    this.ahead()
  }

  /** Another run is shown: what has not sounded yet is its own, from the time that has been reached. */
  renew() {
    this.stale = true
  }

  ahead() {
    const {context, loudspeaker, from} = this
    if (context?.state !== "running" || !loudspeaker) return
    if (this.stale) {
      this.stop()
      this.plan(from.time + 1000 * (context.currentTime - from.when) * from.speed)
    }
    for (; this.next < this.clicks.length; this.next++) {
      const click = this.clicks[this.next]
      const when = from.when + (click.time - from.time) / from.speed / 1000
      if (when > context.currentTime + AHEAD) return
      if (when < context.currentTime) continue // the page was busy: late clicks would come all at once
      const node = loudspeaker.click(when, click)
      this.waiting.add(node)
      node.onended = () => this.waiting.delete(node)
    }
  }

  stop() {
    for (const node of this.waiting) {
      node.onended = null
      node.stop()
      node.disconnect()
    }
    this.waiting.clear()
  }

  leave() {
    this.stop()
    this.context?.close()
  }
}
