// The table of a card.
import {h, subscripted} from "../shared/dom.js"

/**
 * @typedef {{caption: string, head: string[], rows: string[][]}} Table the first of each row is its heading, a symbol
 *   ("tau_m") or, with "" after it, a name
 * @param {Table} found
 */
export function table({caption, head, rows}) {
  const made = document.createElement("table")
  made.createCaption().textContent = caption
  if (rows.length) {
    made.createTHead().insertRow().append(...head.map((text) => cell("th", text, "col")))
    const body = made.createTBody()
    for (const [first, ...rest] of rows) {
      const heading = cell("th", first, "row")
      if (rest[0] === "") { // a name needs the room of symbol and name
        heading.colSpan = 2
        rest.shift()
      }
      body.insertRow().append(heading, ...rest.map((text) => cell("td", text)))
    }
  }
  return made
}

/**
 * @param {"th" | "td"} tag
 * @param {string} text
 * @param {"row" | "col" | null} scope of a heading
 */
function cell(tag, text, scope = null) {
  const made = h(tag, {scope}, ...(scope === "row" ? subscripted(text) : [text]))
  made.classList.toggle("number", /\d/.test(text)) // with its unit in one line; words may take several
  return made
}
