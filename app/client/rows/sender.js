// From a hand that moves to messages: the first at once, then the newest values of every frame.

const GAP = 20 // ms between messages while dragging, then the next animation frame: a picture takes as long

export class Sender {
  /** @param {(values: Object<string, any>, final: boolean) => void} tell says values to the server */
  constructor(tell) {
    this.tell = tell
    /** @type {Map<string, [any, "drag" | "commit"]>} */
    this.pending = new Map()
    /** @type {ReturnType<typeof setTimeout> | undefined} while the next message has to wait */
    this.waiting = undefined
    this.alive = true
  }

  /**
   * @param {string} key
   * @param {any} value
   * @param {"drag" | "commit"} phase
   */
  send(key, value, phase) {
    this.pending.set(key, [value, phase]) // the newest value replaces older ones
    if (this.waiting == null) this.flush()
  }

  /** What was not said yet was meant for rows that are no longer there. */
  forget() {
    this.pending.clear()
  }

  stop() {
    this.alive = false
    clearTimeout(this.waiting)
  }

  flush() {
    const found = [...this.pending]
    this.pending.clear()
    const values = Object.fromEntries(found.map(([key, [value]]) => [key, value]))
    this.tell(values, found.some(([, [, phase]]) => phase === "commit"))
    this.waiting = setTimeout(() => requestAnimationFrame(() => this.next()), GAP)
  }

  next() {
    this.waiting = undefined
    if (this.alive && this.pending.size) this.flush()
  }
}
