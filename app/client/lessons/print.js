// A lesson on paper: all of its steps, with room for answers.
import {h} from "../shared/dom.js"

const SHEET = `
body { font: 11pt/1.45 Georgia, serif; max-width: 17cm; margin: 1cm auto; color: #000; }
h1 { font-size: 18pt; margin: 0 0 4pt; } h2 { font-size: 13pt; margin: 16pt 0 4pt; break-after: avoid; }
.ask, .goal { border-left: 2pt solid #888; padding: 2pt 0 2pt 10pt; margin: 8pt 0; break-inside: avoid; }
.room { height: 2.2cm; border-bottom: .5pt dotted #888; } .option::before { content: "☐ "; }
a { color: inherit; text-decoration: none; } p { margin: 4pt 0; } .small { color: #444; font-size: 10pt; }
`

/**
 * @param {import("./lessons.js").Lesson} lesson
 * @param {(html: string) => HTMLElement} html
 */
export function printed(lesson, html) {
  const sheet = open("", "_blank")
  if (sheet == null) return // a browser that opens no window has said so
  const steps = lesson.steps.flatMap(({title, parts}) => [
    h("h2", {}, title),
    ...parts.map((part) => part.kind === "text" ? html(part.html) : asked(/** @type {any} */ (part), html)),
  ])
  const {document: paper} = sheet
  paper.title = lesson.title
  const items = lesson.outcomes.map((one) => h("li", {}, html(one)))
  paper.body.replaceChildren(
    h("style", {}, SHEET),
    h("h1", {}, lesson.title),
    h(
      "p",
      {class: "small"},
      `${lesson.summary} ${lesson.minutes} minutes. ${location.origin}${location.pathname}?lesson=${lesson.id}`,
    ),
    h("ul", {}, ...items),
    ...steps,
  )
  sheet.print()
}

/**
 * @param {import("./card.js").Part} part
 * @param {(html: string) => HTMLElement} html
 */
function asked(part, html) {
  const options = (part.options.length ? part.options : part.patterns ?? []).map((one) => {
    const words = html(one)
    words.className = "option"
    return words
  })
  const room = part.goal || options.length ? null : h("div", {class: "room"})
  return h("div", {class: part.goal ? "goal" : "ask"}, html(part.html), ...options, room)
}
