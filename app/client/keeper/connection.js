// Whether the server is there. Where it is not, the page says so, keeps what the hand does, and comes back by itself:
// with a fresh session, restored from the address and from what was moved since. Bokeh could go on with the session of
// before only where that still lives, and not in every release.
const BEAT = 1000 // ms from one question to the next
const PATIENCE = 3000 // ms without an answer after which the server is silent
const GRACE = 2000 // ms in which a server that answers elsewhere must answer here
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
    this.over = false // the page has left
    this.asked = 0 // when the question was put that was not answered yet
    this.looks = 0
    this.beat = setInterval(() => this.look(), BEAT)
    this.wake = () => {
      this.looks = 0
      if (this.state === "open") this.look()
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
    if (this.asked && Date.now() - this.asked > PATIENCE) this.turn("silent")
    else if (!this.asked) {
      this.asked = Date.now()
      this.ask()
    }
  }

  /** The server has answered. */
  answered() {
    this.asked = 0
    if (this.state === "silent") this.turn("open")
  }

  /** Bokeh's connection is closed: its session ends within seconds, whatever else is open. */
  lost() {
    if (this.state !== "lost") this.turn("lost")
  }

  /** @param {"open" | "silent" | "lost"} state */
  turn(state) {
    const looking = this.state !== "open"
    this.state = state
    this.say(state)
    this.looks = 0
    if (state !== "open" && !looking) this.seek()
  }

  /** Until the server is there. */
  async seek() {
    while (!this.over && this.state !== "open") {
      if (await reachable() && await this.gone()) {
        if (!this.over) this.renew()
        return
      }
      await pause(Math.min(PAUSE * 1.5 ** this.looks++, LONGEST_PAUSE))
    }
  }

  /** Whether there is no way back to the session: of a server that was only slow there is. */
  async gone() {
    if (this.state === "silent") await pause(GRACE)
    return this.state !== "open"
  }
}

/** @param {number} ms */
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

/** Whether the server answers at all; a page would cost it a session. */
async function reachable() {
  const script = Array.from(document.scripts).find(({src}) => /\/bokeh(\.min)?\.js/.test(src))
  try {
    const how = {method: "HEAD", cache: /** @type {const} */ ("no-store"), signal: AbortSignal.timeout(3000)}
    return (await fetch(script?.src ?? location.pathname, how)).ok
  } catch {
    return false
  }
}
