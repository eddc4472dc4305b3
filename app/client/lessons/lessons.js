// The panel of lessons: the list, or one lesson step by step. What a student answers is kept by this browser.
import {icon} from "../actions/icons.js"
import {Aside} from "../shared/aside.js"
import {h, hostOf, put} from "../shared/dom.js"
import hidden from "../shared/hidden.css" with {type: "text"}
import {onKey} from "../shared/keys.js"
import {listen, say} from "../shared/messages.js"
import {documentOf, onLeave} from "../shared/seam.js"
import {askedFor, writeAddress} from "./address.js"
import {Card} from "./card.js"
import entries from "./entries.css" with {type: "text"}
import css from "./lessons.css" with {type: "text"}
import {ghost} from "./ghost.js"
import {listOf} from "./list.js"
import {OpenTasks} from "./open_tasks.js"
import {Away, button, hush, openingOf} from "./parts.js"
import {Predict} from "./predict.js"
import {printed} from "./print.js"
import {Progress} from "./progress.js"
import {wordsOf} from "./words.js"

const PREDICT = "Predict, then reveal: be asked before each change"

/**
 * @typedef {object} Step
 * @property {string} title
 * @property {(import("./card.js").Part | {kind: "text", html: string})[]} parts
 * @property {boolean} [words] whether what the view says belongs to what the step asks
 */
/**
 * @typedef {object} Lesson
 * @property {string} id
 * @property {string} title
 * @property {string} summary
 * @property {number} minutes
 * @property {string[]} outcomes
 * @property {string[]} reading
 * @property {Step[]} steps
 * @property {number} step where it is opened
 */

/** @param {{model: any, view: any}} component */
export function render({model, view}) {
  const doc = documentOf(view)
  /** @type {import("./list.js").Listed[]} */
  let list = []
  /** @type {Lesson | null} */
  let lesson = null
  let progress = new Progress(""), step = 0
  /** @type {Card[]} */
  let cards = []
  let predicting = false

  const title = h("h2", {tabindex: "-1"})
  const all = button("quiet all", "All lessons", () => go({lesson: null}))
  const print = button("icon", icon("print"), () => lesson && printed(lesson, html), "Print this lesson")
  const close = button("icon", "×", () => open(false), "Close the lessons (C)")
  const body = h("div", {class: "body", tabindex: "-1"})
  const back = button("quiet", "Back", () => reach(step - 1))
  const next = button("check next", "Next", forth)
  const count = h("span", {class: "count"})
  const foot = h("footer", {}, back, count, next)
  const tasks = new OpenTasks()
  const away = new Away(() => say(model, {type: "back"}))
  const free = button("quiet free", "Show all controls", () => say(model, {type: "free"}))
  const root = h(
    "section",
    {class: "panel", "aria-label": "Lessons", hidden: true},
    h("header", {}, all, title, print, close),
    body,
    away.el,
    tasks.el,
    foot,
  )
  const el = h("div", {}, h("style", {}, css, entries, hidden), root)
  const aside = new Aside(el, root, "Lesson", () => open(false))

  /** @param {string} text */
  const html = (text) => wordsOf(doc, text)
  const predict = new Predict(doc, (said) => say(model, said), html)

  /** @param {boolean} yes */
  function open(yes) {
    aside.open(yes)
    if (yes) {
      if (lesson == null) go({lesson: null})
      title.focus()
      return
    }
    stopPredicting()
    ghost(doc, null)
    lesson = null
    locate()
    say(model, {type: "leave"})
  }

  /** Each change is asked first, from now on. */
  function predictAll() {
    if (root.hidden) open(true)
    lesson = null
    cards = []
    predicting = true
    locate()
    put(title, "Predict, then reveal")
    body.replaceChildren(predict.el)
    print.hidden = foot.hidden = true
    away.say("")
    all.hidden = false
    say(model, {type: "predict", on: true})
  }

  function stopPredicting() {
    if (!predicting) return
    predicting = false
    predict.leave()
    say(model, {type: "predict", on: false})
  }

  /** The page holds back what the step asks for. */
  const quiet = () => hush(el, lesson ? cards : [], lesson?.steps[step]?.words === true)

  /** The address says which lesson is open, and where. */
  function locate() {
    quiet()
    writeAddress(lesson?.id ?? null, step)
  }

  /** @param {string} id */
  const begin = (id) => say(model, {type: "open", lesson: id, step: new Progress(id).step, fresh: true})

  /** @param {{lesson: Lesson | null}} told */
  function go({lesson: now}) {
    stopPredicting()
    ghost(doc, null)
    lesson = now
    if (now) {
      progress = new Progress(now.id)
      draw()
    } else {
      locate()
      cards = []
      put(title, "Lessons")
      const first = doc == null ? "" : button("quiet wide", PREDICT, predictAll) // a file has nobody to ask
      body.replaceChildren(first, listOf(list, begin))
    }
    for (const one of [all, print, foot]) one.hidden = now == null
    away.say("")
    tasks.hide()
    body.scrollTop = 0
  }

  /** @param {number} to */
  function reach(to) {
    if (lesson == null || to < 0 || to >= lesson.steps.length) return false
    step = to
    ghost(doc, null)
    tasks.hide()
    say(model, {type: "step", step})
    draw()
    body.scrollTop = 0
    body.focus({preventScroll: true})
    return true
  }

  function forth() {
    if (lesson == null) return false
    if (tasks.hold(`${lesson.id} ${step}`, cards, next.textContent ?? "") || reach(step + 1)) return true
    go({lesson: null})
    say(model, {type: "leave"})
    return true
  }

  function draw() {
    if (lesson == null) return
    progress.reach(step)
    put(title, lesson.title)
    const {title: heading, parts} = lesson.steps[step]
    cards = []
    const shown = parts.map((part) => {
      if (part.kind === "text") return html(part.html)
      const tell = (/** @type {any} */ said) => say(model, said)
      const drawn = (/** @type {any} */ points) => ghost(doc, points)
      const card = new Card(/** @type {import("./card.js").Part} */ (part), progress, tell, html, drawn)
      cards.push(card)
      return card.el
    })
    body.replaceChildren(...step === 0 ? [openingOf(lesson, html)] : [], h("h3", {}, heading), ...shown, free)
    put(count, `${step + 1} of ${lesson.steps.length}`)
    back.disabled = step === 0
    put(next, step === lesson.steps.length - 1 ? "Done" : "Next")
    locate()
  }

  /** @param {any} head */
  function take(head) {
    if (head.list) {
      list = head.list
      if (lesson == null && !root.hidden) go({lesson: null})
    }
    if (head.toggle) open(root.hidden === true)
    if (head.lesson) {
      step = head.lesson.step
      lesson = head.lesson
      if (root.hidden) open(true)
      go({lesson: head.lesson})
    }
    if (head.predict) predict.ask(head.predict)
    if (head.revealed) predict.revealed(head.revealed)
    if (head.verdict) cardOf(head.verdict.ask)?.take(head.verdict)
    if (head.given) cardOf(head.given.ask)?.given(head.given.words)
    if (head.reached) cardOf(head.reached)?.reached()
    if (head.away != null) away.say(lesson ? head.away : "")
    if (head.limited != null) {
      free.hidden = !head.limited
      hostOf(hostOf(el))?.toggleAttribute("data-limited", head.limited)
    }
    tasks.follow(cards)
    quiet()
  }

  /** @param {string} id */
  const cardOf = (id) => cards.find(({part}) => part.id === id)

  const keys = [
    onKey("c", "Lessons: open and close", () => open(root.hidden === true)),
    onKey(
      "q",
      "Predict: be asked before each change, or no longer",
      () => doc != null && (predicting ? go({lesson: null}) : predictAll()),
    ),
    onKey("n", "Lesson: the next step", () => lesson != null && forth()),
    onKey("b", "Lesson: the step before", () => lesson != null && reach(step - 1)),
  ]
  onLeave(model, () => {
    keys.forEach((off) => off())
    aside.leave()
  })
  listen(model, take)
  const asked = askedFor()
  if (asked) say(model, {type: "open", ...asked, fresh: location.hash === ""})
  return el
}
