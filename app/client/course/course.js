// A lesson in one file: the app's own panel, live figures, and what a server would answer to both.
import {h} from "../shared/dom.js"
import hidden from "../shared/hidden.css" with {type: "text"}
import {spark} from "../shared/spark.js"
import {render as renderLessons} from "../lessons/lessons.js"
import {Progress} from "../lessons/progress.js"
import {model, tell} from "../standalone/parts.js"
import standalone from "../standalone/standalone.css" with {type: "text"}
import css from "./course.css" with {type: "text"}
import column from "./panel.css" with {type: "text"}
import {Figure} from "./figure.js"
import {reached} from "./measures.js"
import {opened, verdict} from "./verdict.js"

/**
 * @typedef {{figure?: number, state?: string, why: string}} Place which figure shows something, and with which values
 * @typedef {object} Told what app/lessons/static_pages.py wrote
 * @property {import("../lessons/lessons.js").Lesson} lesson
 * @property {import("../lessons/list.js").Listed[]} list
 * @property {(Place & {fresh: boolean})[]} steps
 * @property {Object<string, Place>} seen by question or goal, what it asks for
 * @property {Object<string, string>} expected by question, sealed
 * @property {import("../standalone/values.js").Content[]} contents
 */

/**
 * @param {HTMLElement} host
 * @param {Told} told
 * @param {Object<string, () => any>} modules
 * @param {Object<string, (m: Function, v: Function) => any>} goals
 */
export function render(host, told, modules, goals) {
  const course = new Course(told, modules, goals)
  host.append(h("style", {}, standalone, hidden, css), course.el)
  course.begin()
  return course
}

class Course {
  /** @param {Told} told @param {Object<string, () => any>} modules @param {Object<string, any>} goals */
  constructor(told, modules, goals) {
    this.told = told
    this.modules = modules
    this.goals = goals
    this.step = 0
    /** @type {Figure | null} */
    this.page = null
    this.at = -1 // which figure it is
    this.why = h("p", {class: "why", role: "status"})
    this.stage = h("div", {class: "stage"}, this.why)
    this.panel = h("div", {class: "lesson"})
    this.el = h(
      "div",
      {class: "course"},
      h("header", {class: "vh"}, h("h1", {}, told.lesson.title)),
      this.panel,
      this.stage,
    )
    /** @type {Set<string>} */
    this.done = new Set()
  }

  begin() {
    spark.say = (to, said) => to === "lessons" ? this.hear(said) : this.page?.said(/** @type {any} */ (said))
    const root = this.panel.attachShadow({mode: "open"})
    root.append(
      renderLessons({model: model({address: "lessons"}), view: {model: {document: null}}}),
      h("style", {}, column),
    )
    tell("lessons", {list: this.told.list})
    // The panel asks for a step where the address has one, which some browsers keep for a file and some do not.
    if (this.page == null) this.open(new Progress(this.told.lesson.id).step)
  }

  /** @param {number} step */
  open(step) {
    this.step = Math.min(Math.max(step, 0), this.told.steps.length - 1)
    tell("lessons", {lesson: {...this.told.lesson, step: this.step}})
    this.enter(this.page == null)
  }

  /** @param {any} said by the panel */
  hear(said) {
    switch (said.type) {
      case "open":
        if (said.lesson === this.told.lesson.id) this.open(said.step)
        else location.href = `${encodeURIComponent(said.lesson)}.html`
        break
      case "step":
        this.step = said.step
        this.enter(this.told.steps[said.step].fresh)
        break
      case "answer":
        this.answer(said)
        break
      case "give":
        this.give(said.ask)
        break
      case "see":
        this.place(this.told.seen[said.ask])
        break
      case "back":
        this.place(this.told.steps[this.step])
    }
  }

  /** Show the figure of the step; what a student has set stays where the step goes on with it. @param {boolean} fresh */
  enter(fresh) {
    const kept = fresh ? {} : {...this.page?.values.of}
    this.place(this.told.steps[this.step], kept)
    tell("lessons", {limited: false})
  }

  /** @param {Place | undefined} place @param {Object<string, any>} kept values by rows' keys */
  place(place, kept = {}) {
    if (place == null) return
    this.why.textContent = place.why
    if (place.figure == null || place.state == null) {
      this.page?.leave()
      this.page = null
      return
    }
    if (this.page == null || this.at !== place.figure) this.build(place.figure)
    const page = /** @type {Figure} */ (this.page)
    page.choose(place.state, false)
    const own = Object.entries(kept).filter(([key]) => Object.hasOwn(page.values.of, key))
    page.set(Object.fromEntries(own), true)
  }

  /** @param {number} at */
  build(at) {
    this.page?.leave()
    const content = this.told.contents[at], name = `${content.model} `
    const own = Object.entries(this.modules).filter(([key]) => key.startsWith(name))
    const sources = Object.fromEntries(own.map(([key, module]) => [key.slice(name.length), module]))
    this.page = new Figure(content, sources, () => this.rested())
    this.at = at
    this.stage.append(this.page.el)
    this.page.begin()
  }

  get parts() {
    return /** @type {any[]} */ (this.told.lesson.steps[this.step].parts)
  }

  /** @param {{ask: string, answer: any}} said */
  answer({ask: id, answer}) {
    const ask = this.parts.find((part) => part.id === id)
    const found = verdict(ask, this.told.expected[id] ? opened(this.told.expected[id]) : null, answer)
    tell("lessons", {verdict: {ask: id, ...found}})
    if (this.told.seen[id] && !ask.goal) this.place(this.told.seen[id])
  }

  /** @param {string} id */
  give(id) {
    const goal = this.parts.find((part) => part.id === id)?.goal
    if (goal) this.place(this.told.seen[id])
    tell("lessons", {given: {ask: id, words: goal ? "it is set now." : opened(this.told.expected[id]).told ?? ""}})
  }

  /** The hand rests: perhaps a goal is reached, or these are other values than the lesson's. */
  rested() {
    const {page, parts} = this
    if (page == null) return
    const watched = parts.filter((part) => part.goal && this.goals[part.id])
    for (const {id} of watched) {
      if (this.done.has(id) || !reached(this.goals[id], page)) continue
      this.done.add(id)
      tell("lessons", {reached: id})
    }
    const {state} = this.told.steps[this.step]
    const other = page.values.state.id !== state || Object.keys(page.values.changed).length > 0
    const plain = !parts.some((part) => part.goal && part.watched)
    tell("lessons", {away: plain && other ? "These are not the lesson’s values." : ""})
  }
}
