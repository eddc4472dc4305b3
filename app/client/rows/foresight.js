// What is foreseen for all rows, and the key to its colours.
import {h} from "../shared/dom.js"

const TITLE = "Colours of the sliders: what would happen there with everything else as it is. Fuller colours: higher " +
  "rates, up to 200 Hz. Grey with a rate: transient. Bursting includes an initial burst, irregular an accelerating " +
  "train. A line marks where firing begins or ends, a small triangle the default value."

/**
 * @typedef {object} Found what `Rows.foresee` tells
 * @property {Object<string, import("./foresight_strip.js").Track>} [tracks] by key of the row, in the order of their colours
 * @property {number} [count] of colours each
 * @property {string} [note] for all of them
 * @property {[string, string, string][]} [key] where the colours are others
 */

export class Foresight {
  /**
   * @param {Map<string, import("./slider_row.js").SliderRow | import("./plain_row.js").PlainRow>} rows
   * @param {[string, string, string][]} key name, colour of slow and of fast firing
   */
  constructor(rows, key) {
    this.rows = rows
    this.key = h("div", {class: "key", "data-more": TITLE})
    this.explain(key)
  }

  /**
   * The key is there before anything is known and stays when it is known no more: one that comes and goes would move
   * every slider below it away from the hand that is reaching for it.
   * @param {[string, string, string][]} key
   */
  explain(key) {
    this.key.replaceChildren(...key.map(([name, slow, fast]) => {
      const swatch = h("i")
      swatch.style.background = name === "impossible"
        ? `repeating-linear-gradient(90deg, ${slow} 0 2px, ${fast} 2px 4px)`
        : `linear-gradient(90deg, ${slow}, ${fast})`
      return h("span", {}, swatch, name)
    }))
  }

  /**
   * @param {Found | null} found null switches it off, and an empty object says that nothing is known yet
   * @param {ArrayBuffer} buffer
   * @param {number} base where the colours begin, RGBA of every point
   */
  show(found, buffer, base) {
    const tracks = found?.tracks ?? {}
    const size = 4 * (found?.count ?? 0)
    const places = new Map(Object.keys(tracks).map((key, i) => [key, i]))
    for (const [key, row] of this.rows) {
      if (!("strip" in row)) continue
      const place = places.get(key)
      const colours = place == null ? null : new Uint8Array(buffer, base + place * size, size).slice()
      row.strip.take(tracks[key] ?? null, colours, found?.note)
    }
    if (found?.key?.length) this.explain(found.key)
  }

  /** Say it, or hold it back, in words as well. */
  renew() {
    for (const row of this.rows.values()) if ("strip" in row) row.strip.speak()
  }

  /**
   * Show whether what was foreseen holds no longer.
   * @param {boolean} doubt
   * @param {string | null} keep the row whose strip still holds
   */
  doubt(doubt, keep) {
    for (const [key, row] of this.rows) {
      if ("strip" in row) row.strip.doubt(doubt, doubt && key !== keep)
    }
  }
}
