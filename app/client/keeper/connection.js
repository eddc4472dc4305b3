// Whether the server is there. Where it is not, the page says so, keeps what the hand does, and comes back by itself:
// with a fresh session, restored from the address and from what was moved since. Bokeh could go on with the session of
// before only where that still lives, and not in every release.
import {count, lately} from "./lately.js"

const BEAT = 1000 // ms from one question to the next
// Beats without an answer after which the server is silent. They are counted, not timed: a page that was busy itself finds
// the answer only after its next beat.
const PATIENCE = 3
const AT_FIRST = 15 // of those, until there was an answer: where a class comes back at once, pages wait for one another
// A server that answers elsewhere must answer here in so many ms, and in so many times what it took there; in as many times
// more for each page that was given up lately: a new one is work for a server that is slow already.
const GRACE = 2000
const TIMES = 20
const SLOWER = 3
const GIVEN_UP = "spark:given up"
const PAUSE = 700 // ms from one look for the server to the next, longer with every one
const LONGEST_PAUSE = 5000

export class Connection {
  /**
   * @param {object} how
   * @param {() => void} how.ask the server to answer
   * @param {(state: "open" | "silent" | "lost") => void} how.say
   * @param {() => void} how.renew begin the page anew, restored
   */
  constructor({ask, say, renew}) {
    this.ask = ask
    this.say = say
    this.renew = renew
    /** @type {"open" | "silent" | "lost"} */
    this.state = "open"
    this.turns = 0 // of the state
    this.seeking = false
    this.over = false // the page has left
    this.known = false // the server has answered before
    this.beats = 0 // since the question that was not answered yet
    this.looks = 0
    this.beat = setInterval(() => this.look(), BEAT)
    this.wake = () => {
      this.looks = 0
      if (!this.beats) this.look()
    }
    for (const event of ["online", "focus"]) addEventListener(event, this.wake)
  }

  stop() {
    clearInterval(this.beat)
    this.state = "lost"
    this.over = true
    for (const event of ["online", "focus"]) removeEventListener(event, this.wake)
  }

  look() {
    if (this.state !== "open") return
    if (!this.beats++) this.ask()
    else if (this.beats > (this.known ? PATIENCE : AT_FIRST)) this.turn("silent")
  }

  /** The question that was put may not have arrived. */
  forget() {
    this.beats = 0
  }

  /** The server has answered. */
  answered() {
    this.known = true
    this.beats = 0
    if (this.state === "silent") this.turn("open")
  }

  /** Bokeh's connection is closed: its session ends within seconds, whatever else is open. */
  lost() {
    if (this.state !== "lost") this.turn("lost")
  }

  /** @param {"open" | "silent" | "lost"} state */
  turn(state) {
    this.state = state
    this.turns++
    this.say(state)
    this.looks = 0
    if (state !== "open" && !this.seeking) this.seek()
  }

  /** Until the server is there. */
  async seek() {
    this.seeking = true
    while (!this.over && this.state !== "open") {
      const took = await answers()
      if (took != null && await this.gone(took)) {
        if (!this.over) this.renew()
        break // a page that is loaded anew may be kept after all: it can be lost once more
      }
      await pause(Math.min(PAUSE * 1.5 ** this.looks++, LONGEST_PAUSE))
    }
    this.seeking = false
  }

  /**
   * Whether there is no way back to the session: of a server that was only slow there is.
   * @param {number} took ms, until it answered elsewhere
   */
  async gone(took) {
    if (this.state !== "silent") return this.state === "lost"
    const {turns} = this
    const before = lately(GIVEN_UP)?.length ?? 0
    await pause(Math.max(GRACE, TIMES * took) * SLOWER ** before)
    if (this.turns !== turns) return false // that was another silence; of a server that has ended meanwhile, look again
    count(GIVEN_UP)
    return true
  }
}

/** @param {number} ms */
export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

/** @returns {Promise<number | null>} ms that the server takes to answer at all; a page would cost it a session */
export async function answers() {
  const began = performance.now()
  const script = Array.from(document.scripts).find(({src}) => /\/bokeh(\.min)?\.js/.test(src))
  try {
    const how = {method: "HEAD", cache: /** @type {const} */ ("no-store"), signal: AbortSignal.timeout(3000)}
    return (await fetch(script?.src ?? location.pathname, how)).ok ? performance.now() - began : null
  } catch {
    return null
  }
}
