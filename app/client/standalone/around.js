// The page around this one, where it is shown in a frame: what it says and hears is in docs/live_page.md.

export class Around {
  /** @param {import("./standalone.js").Page} page */
  constructor(page) {
    this.page = page
    this.followed = false
    this.running = false
    /** @type {(() => void)[]} answers that wait for the run that is under way */
    this.waiting = []
    addEventListener("message", (event) => this.hear(event))
  }

  begun() {
    this.running = true
  }

  /** The run is there, or was refused. */
  ended() {
    this.running = false
    // The numbers of the run are written after this.
    if (this.waiting.length) queueMicrotask(() => this.waiting.splice(0).forEach((answer) => answer()))
  }

  /** @param {MessageEvent} event */
  hear({data, source}) {
    const {page} = this
    if (source !== parent || parent === self || typeof data !== "object" || data == null) return
    /** @type {Object<string, string>} */
    let errors = {}
    if (data.spark === "follow") this.followed = true
    if (data.spark === "reset") page.choose(page.values.state.id)
    if (data.spark === "set") {
      const known = data.state == null || page.content.states.some(({id}) => id === data.state)
      if (known && data.state != null) page.choose(data.state, false)
      if (known) errors = page.set(Object(data.values), true)
      else errors = {state: `There are no values ${data.state}.`}
    }
    if (!["get", "set", "reset", "follow"].includes(data.spark)) return
    const answer = () => this.say("state", {errors})
    if (this.running) this.waiting.push(answer)
    else answer()
  }

  /** A hand has let go. */
  changed() {
    if (this.followed) this.say("changed")
  }

  /** @param {string} what @param {object} more */
  say(what, more = {}) {
    const {values: {state, of}, shown, wrong} = this.page
    const readouts = Object.fromEntries(
      (shown?.readouts ?? []).map((/** @type {string[]} */ [label, ...rest]) => [label, rest]),
    )
    const said = {state: state.id, values: {...of}, wrong, readouts, spikes: shown?.spikes ?? []}
    parent.postMessage({spark: what, ...said, ...more}, "*")
  }
}
