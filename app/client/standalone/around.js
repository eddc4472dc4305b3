// The page around this one, where it is shown in a frame: what it says and hears is in docs/live_page.md.

export class Around {
  /** @param {import("./standalone.js").Page} page */
  constructor(page) {
    this.page = page
    this.followed = false
    addEventListener("message", (event) => this.hear(event))
  }

  /** @param {MessageEvent} event */
  hear({data, source}) {
    const {page} = this
    if (source !== parent || parent === self || typeof data !== "object" || data == null) return
    if (data.spark === "follow") this.followed = true
    if (data.spark === "reset") page.choose(page.values.state.id)
    if (data.spark === "set") {
      if (data.state != null) page.choose(String(data.state), false)
      this.say("state", {errors: page.set(data.values ?? {}, true)})
    } else if (["get", "follow", "reset"].includes(data.spark)) this.say("state")
  }

  /** A hand has let go. */
  changed() {
    if (this.followed) this.say("changed")
  }

  /** @param {string} what @param {object} more */
  say(what, more = {}) {
    const {values: {state, of}, shown} = this.page
    const readouts = Object.fromEntries(
      (shown?.readouts ?? []).map((/** @type {string[]} */ [label, ...rest]) => [label, rest]),
    )
    parent.postMessage(
      {spark: what, state: state.id, values: {...of}, readouts, spikes: shown?.spikes ?? [], ...more},
      "*",
    )
  }
}
