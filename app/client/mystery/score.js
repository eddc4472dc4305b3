// What a solution is worth, as a table of spikes and one of values.
import {h} from "../shared/dom.js"
import {sentence, symbol} from "./symbol.js"

/**
 * @typedef {object} Score
 * @property {string} total
 * @property {string} ofSpikes
 * @property {string | null} ofValues null where none can be told
 * @property {string[][]} spikes stimulus, coincidence factor, both numbers of spikes
 * @property {{symbol: string, words: string, points: string | null}[]} values
 */

/** @param {Score} score */
export function tables({total, ofSpikes, ofValues, spikes, values}) {
  const half = ofValues == null ? "Of the spikes alone" : `Spikes ${ofSpikes}, values ${ofValues}`
  return [
    h("h3", {tabindex: "-1"}, `Score: ${total}`),
    h("p", {class: "summary"}, `${half}.`),
    table(
      "Spikes under stimuli that nobody has seen",
      ["stimulus", "Γ", "yours", "its"],
      spikes.map((row) => row.map((text) => [text])),
    ),
    table(
      "Values",
      ["", "", "worth"],
      values.map(({symbol: sign, words, points}) => [[symbol(sign)], sentence(words), [points ?? "not counted"]]),
    ),
  ]
}

/**
 * @param {string} caption
 * @param {string[]} head
 * @param {(Node | string)[][][]} rows
 */
function table(caption, head, rows) {
  return h(
    "table",
    {},
    h("caption", {}, caption),
    h("thead", {}, h("tr", {}, ...head.map((one) => h("th", {scope: "col"}, one)))),
    h("tbody", {}, ...rows.map((row) => h("tr", {}, ...row.map((cell) => h("td", {}, ...cell))))),
  )
}
