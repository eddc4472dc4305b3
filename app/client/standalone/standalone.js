// A neuron with its sliders in one file: no server, no network. The rows and the equations are those of the app.
import {render as renderEquations} from "../equations/equations.js"
import {render as renderRows} from "../rows/rows.js"
import {h, put} from "../shared/dom.js"
import {spark} from "../shared/spark.js"
import {Around} from "./around.js"
import {readouts} from "./firing.js"
import {button, model, tell} from "./parts.js"
import {Picture} from "./picture.js"
import {Runner} from "./runner.js"
import css from "./standalone.css" with {type: "text"}
import {copyLink, openIn} from "./leaving.js"
import {Values} from "./values.js"
import {windowOf} from "./window.js"

const RUNAWAY = 1e6 // mV below zero, where no potential belongs
const DIVERGED = "The run diverged: choose a smaller time step, or values nearer to those of the model."

/**
 * @param {HTMLElement} host
 * @param {import("./values.js").Content} content
 * @param {Object<string, () => any>} sources
 */
export function render(host, content, sources) {
  const page = new Page(content, sources)
  host.append(h("style", {}, css), page.el)
  page.begin()
  return page
}

export class Page {
  /**
   * @param {import("./values.js").Content} content
   * @param {Object<string, () => any>} sources
   */
  constructor(content, sources) {
    this.content = content
    this.runner = new Runner(sources)
    this.values = new Values(content.states[0])
    this.picture = new Picture(content)
    this.scheme = matchMedia("(prefers-color-scheme: dark)")
    this.dark = this.scheme.matches
    this.around = new Around(this)
    /** @type {any} the last run */
    this.shown = null
    this.wrong = ""
    this.readouts = h("dl")
    this.words = h("p", {class: "words", role: "status"})
    this.choice = h("select", {"aria-label": "Values"})
    this.choice.append(...content.states.map(({id, name}) => h("option", {value: id}, name)))
    this.choice.addEventListener("change", () => this.choose(this.choice.value, true, true))
    this.pin = button("Pin", "Keep this run in grey, to compare with", () => this.hold())
    this.reset = button("Reset", "Every value as it was", () => this.choose(this.values.state.id, true, true))
    this.link = button(
      "Copy link",
      "An address of this file with these values",
      () => copyLink(this.values.address, (words) => put(this.words, words)),
    )
    const open = content.server
      ? button("Open in Spark", content.server, () => openIn(content.server, this.values.session))
      : null
    const shade = button("◐", "Light or dark", () => this.shade(!this.dark))
    this.rows = [h("div", {class: "panel"}), h("div", {class: "panel"})]
    const equations = h("div")
    equations.attachShadow({mode: "open"})
    this.equations = equations
    const several = content.states.length > 1
    this.el = h(
      "main",
      {class: "page"},
      h(
        "header",
        {},
        h("h1", {}, content.title),
        several ? this.choice : null,
        h("div", {class: "bar"}, this.pin, this.reset, this.link, open, shade),
      ),
      content.text ? h("p", {class: "text"}, content.text) : null,
      h("div", {class: "strip"}, this.readouts, this.words),
      h(
        "div",
        {class: "both"},
        this.picture.el,
        h("section", {class: "side", "aria-label": "Values"}, equations, ...this.rows),
      ),
    )
    this.picture.onPoint = () => this.tell()
  }

  begin() {
    const asked = new URLSearchParams(location.hash.slice(1))
    spark.say = (_, said) => this.said(/** @type {any} */ (said))
    this.scheme.addEventListener("change", () => this.shade(this.scheme.matches))
    addEventListener("hashchange", () => this.restore(new URLSearchParams(location.hash.slice(1))))
    this.shade(this.dark, false)
    this.restore(asked)
  }

  /** @param {URLSearchParams} asked */
  restore(asked) {
    if (String(asked) === this.written) return
    const id = asked.get("values"), {states} = this.content, known = states.some((one) => one.id === id)
    this.choose(known && id ? id : states[0].id, false)
    asked.delete("values")
    const free = [...asked].filter(([key]) => !this.values.state.locked.includes(key))
    const values = Object.fromEntries(free.map(([key, text]) => [key, text === "" ? NaN : Number(text)]))
    const [wrong] = id && !known ? [`There are no values ${id}.`] : Object.values(this.set(values, true))
    if (id && !known) this.run(true)
    if (wrong) this.complain(wrong)
  }

  /** @param {string} id @param {boolean} run @param {boolean} hand */
  choose(id, run = true, hand = false) {
    const state = this.content.states.find((one) => one.id === id) ?? this.content.states[0]
    this.values = new Values(state)
    this.choice.value = state.id
    this.picture.begin()
    for (const what of ["run", "curve"]) this.runner.forget(what)
    const {model: name, equations} = this.content
    const told = {model: name, sources: state.sources}, root = /** @type {ShadowRoot} */ (this.equations.shadowRoot)
    if (!tell("equations", told)) {
      root.append(renderEquations({model: model({address: "equations", models: {[name]: equations}, first: told})}))
    }
    for (const [k, rows] of [state.rows, state.driven].entries()) {
      const root = this.rows[k].shadowRoot ?? this.rows[k].attachShadow({mode: "open"})
      if (!tell(`rows ${k}`, {rows})) root.append(renderRows({model: model({address: `rows ${k}`, first: rows})}))
      for (const key of state.locked) {
        for (const one of root.querySelectorAll(`[data-key="${key}"] :is(input, button)`)) {
          one.toggleAttribute("disabled", true)
        }
      }
    }
    if (run) this.run(true, hand)
  }

  /** @param {{type: string, values?: Object<string, any>, final?: boolean}} said by the rows */
  said({type, values = {}, final = false}) {
    if (type === "set") this.set(values, final, true)
  }

  /**
   * @param {Object<string, any>} values by rows' keys
   * @param {boolean} final whether it is not on the way to another one
   * @param {boolean} hand whether a hand set them
   */
  set(values, final, hand = false) {
    /** @type {Object<string, string>} */
    const errors = {}, kept = /** @type {Object<string, any>} */ ({}), more = {}
    for (const [key, value] of Object.entries(values)) {
      const refused = this.values.refused(key, value)
      if (!refused) Object.assign(more, this.values.set(key, value))
      else [errors[key], kept[key]] = [refused, this.values.of[key]]
    }
    const good = {...Object.fromEntries(Object.entries(values).filter(([key]) => !errors[key])), ...more}
    for (const k of [0, 1]) tell(`rows ${k}`, {values: good, errors, kept})
    this.run(final, hand)
    return errors
  }

  /** @param {string} words */
  complain(words) {
    this.wrong = words
    this.el.classList.toggle("wrong", words !== "")
    put(this.words, words)
    this.around.ended()
  }

  /** @param {boolean} rests @param {boolean} hand */
  run(rests, hand = false) {
    const {values} = this, soma = this.runner.module(values.state.solver)
    const wrong = values.tooMany || values.contradiction || soma.tooLong(values.parameters, values.dt)
    this.reset.disabled = Object.keys(values.changed).length === 0
    if (wrong) {
      this.runner.forget("run")
      return this.complain(wrong)
    }
    this.around.begun()
    const stimulus = values.stimulus, window = windowOf(stimulus, this.content.constant, values.steps * values.dt)
    const noisy = stimulus.some(({type, std}) => this.content.noisy.includes(type) && std !== 0)
    const task = {
      solver: values.state.solver,
      p: values.parameters,
      stimulus,
      dt: values.dt,
      steps: values.steps,
      options: {state: values.state.initial, record: this.picture.recorded},
      units: noisy ? this.picture.trials : [],
    }
    this.runner.run("run", task, (found) => {
      if (found.error) return this.complain(found.error)
      if (found.traces.potential.some((/** @type {number} */ v) => !(v > -RUNAWAY))) return this.complain(DIVERGED)
      const held = found.traces.current
      this.shown = {...found, ...task, held, window, noisy, readouts: readouts(found.spikes, window, noisy, task.dt)}
      this.list(this.shown.readouts)
      this.picture.show(this.shown, soma, rests)
      this.complain("")
      this.tell()
      if (rests) this.settle(hand)
    })
    if (rests && this.content.show.includes("fi")) this.curve(task)
  }

  /** The rate under constant currents. @param {any} task */
  curve(task) {
    const {strongest, dt} = this.values.state, amplitudes = Array.from({length: 31}, (_, k) => k / 30 * strongest)
    const steps = Math.round(1000 / dt)
    this.runner.run("curve", {...task, options: null, units: [], amplitudes, dt, steps}, ({rates}) => {
      if (rates) this.picture.curve(amplitudes, rates)
    })
  }

  /** @param {boolean} hand */
  settle(hand) {
    this.written = this.values.address
    try {
      history.replaceState(null, "", this.written ? `#${this.written}` : location.pathname + location.search)
    } catch { /* a page within a page may have no address */ }
    if (hand) this.around.changed()
  }

  /** @param {[string, string, string][]} list */
  list(list) {
    this.readouts.replaceChildren(
      ...list.map(([label, value, unit]) => h("div", {}, h("dt", {}, label), h("dd", {}, value, h("small", {}, unit)))),
    )
  }

  /** The values where a hand points, else what the run is. */
  tell() {
    put(this.words, this.picture.pointed || "")
  }

  hold() {
    const held = this.picture.hold()
    put(this.pin, held ? "Unpin" : "Pin")
    this.pin.setAttribute("aria-pressed", String(held))
  }

  /** @param {boolean} dark @param {boolean} paint */
  shade(dark, paint = true) {
    this.dark = dark
    this.el.classList.toggle("dark", dark)
    document.documentElement.style.colorScheme = dark ? "dark" : "light"
    this.picture.shade(this.content.colours[dark ? "dark" : "light"], paint)
  }
}
