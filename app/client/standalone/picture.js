// The plots of a run: potential, what moves beside it, spikes, current; the plane and the f-I curve where they are asked for.
import {h} from "../shared/dom.js"
import {drawPlane} from "./plane.js"
import {Plot} from "./plot.js"
import {span} from "./scale.js"

const TRIALS = 12
const NEAREST = 5 // pixels of a drag that is a click

export class Picture {
  /** @param {import("./values.js").Content} content */
  constructor(content) {
    this.content = content
    const {second, show} = content
    this.potential = new Plot({label: "V (mV)", spoken: "Membrane potential, threshold and spikes against time"})
    this.others = second.filter(({level}) => !level).map((one) => ({
      ...one,
      plot: new Plot({label: `${one.symbol || one.words} (${one.unit})`, spoken: `${one.words} against time`}),
    }))
    this.raster = new Plot({label: "spikes", spoken: "Spikes against time", bare: true})
    this.current = new Plot({label: "I (pA)", across: "time (ms)", spoken: "Current against time"})
    this.stack = [this.potential, ...this.others.map(({plot}) => plot), this.raster, this.current]
    this.potential.el.classList.add("potential")
    this.raster.el.classList.add("raster")
    const {plane} = content
    this.plane = show.includes("phase") && plane
      ? new Plot({
        label: `${plane.symbol} (${plane.unit})`,
        across: "V (mV)",
        spoken: plane.name == null
          ? "The flow dV/dt against the potential"
          : `Phase plane: ${plane.name} against the potential, nullclines and the run`,
      })
      : null
    this.fi = show.includes("fi")
      ? new Plot({label: "rate (Hz)", across: "constant current (pA)", spoken: "Firing rate against constant current"})
      : null
    const beside = [this.plane, this.fi].filter((one) => one != null)
    this.el = h(
      "section",
      {class: "picture", "aria-label": "Plots"},
      h("div", {class: "stack"}, ...this.stack.map(({el}) => el)),
      beside.length ? h("div", {class: "beside"}, ...beside.map(({el}) => el)) : null,
    )
    this.all = [...this.stack, ...beside]
    /** @type {any} */
    this.run = null
    /** @type {any} */
    this.held = null
    this.pointed = ""
    /** @type {{amplitudes: number[], rates: {first: number, steady: number}[]} | null} */
    this.rates = null
    this.onPoint = () => {}
    /** @type {Object<string, string>} */
    this.colours = {}
    /** @type {[number, number] | null} */
    this.zoom = null
    for (const plot of this.stack) this.follow(plot)
  }

  get recorded() {
    return [
      "potential",
      "threshold",
      "current",
      ...this.content.second.filter(({level}) => !level).map(({name}) => name),
    ]
  }

  get trials() {
    return Array.from({length: TRIALS - 1}, (_, k) => k + 1)
  }

  /** Another state: its axes are its own. */
  begin() {
    for (const plot of this.all) plot.y = null
    this.zoom = null
    this.rates = null
    if (this.fi) this.fi.lines = []
  }

  /** A hand over a plot: what it points at, and a part of the time. @param {Plot} plot */
  follow(plot) {
    const {canvas} = plot
    /** @type {number | null} */
    let begun = null
    const place = (/** @type {PointerEvent} */ event) => event.clientX - canvas.getBoundingClientRect().left
    canvas.addEventListener("pointerdown", (event) => {
      if (event.pointerType === "touch") return
      begun = place(event)
      canvas.setPointerCapture(event.pointerId) // it may be let go anywhere
    })
    canvas.addEventListener("pointermove", (event) => this.point(plot.valueAt(place(event))))
    canvas.addEventListener("pointerleave", () => this.point(null))
    canvas.addEventListener("pointerup", (event) => {
      const ended = place(event)
      if (begun != null && Math.abs(ended - begun) > NEAREST) {
        const [from, to] = [plot.valueAt(begun), plot.valueAt(ended)].sort((one, other) => one - other)
        const within = (/** @type {number} */ time) => Math.min(Math.max(time, 0), this.length)
        if (within(to) > within(from)) this.look([within(from), within(to)])
      }
      begun = null
    })
    canvas.addEventListener("dblclick", () => this.look(null))
  }

  get length() {
    return this.run ? this.run.steps * this.run.dt : 1
  }

  /** @param {[number, number] | null} zoom */
  look(zoom) {
    this.zoom = zoom
    for (const plot of this.stack) plot.x = zoom ?? [0, this.length]
    this.paint()
  }

  /** @param {number | null} time */
  point(time) {
    if (this.run == null) return
    const k = time == null ? -1 : Math.floor(time / this.run.dt)
    const there = time != null && k >= 0 && k < this.run.steps
    for (const plot of this.stack) plot.at = there ? time : null
    this.pointed = there
      ? [
        `t = ${(k * this.run.dt).toFixed(1)} ms`,
        `V = ${this.run.traces.potential[k].toFixed(2)} mV`,
        ...this.others.map(({name, symbol, unit}) => `${symbol} = ${this.run.traces[name][k].toPrecision(4)} ${unit}`),
        `I = ${this.run.held[k].toPrecision(4)} pA`,
      ].join(", ").replaceAll("-", "−")
      : ""
    this.onPoint()
    for (const plot of this.stack) plot.paint()
  }

  /** Keep this run to compare with, or let go of the one that is kept. */
  hold() {
    this.held = this.held ? null : this.run
    this.draw()
    return this.held != null
  }

  /**
   * @param {any} run
   * @param {any} soma
   * @param {boolean} rests
   */
  show(run, soma, rests) {
    this.run = run
    this.soma = soma
    if (this.zoom && this.zoom[1] > this.length) this.zoom = null
    for (const plot of this.stack) plot.x = this.zoom ?? [0, this.length]
    const {traces, p} = run, level = span(traces.threshold)
    const [low, high] = span(traces.potential)
    // As `spark.recording.strokes.peak` has it.
    const rise = 1.2 * Math.abs(p.threshold - Math.min(p.potential_reset, p.potential_rest))
    this.top = this.content.rises ? Math.max(level[1], p.threshold) + rise : Math.max(level[1], high)
    this.potential.reach(low, this.top, rests)
    for (const {name, plot} of this.others) {
      const [from, to] = span(traces[name])
      plot.reach(from, to, rests)
    }
    const [from, to] = span(run.held)
    this.current.reach(Math.min(from, 0), Math.max(to, 0), rests)
    this.raster.y = run.noisy ? [0.4, TRIALS + 0.6] : [0.4, 1.6]
    this.raster.el.classList.toggle("many", run.noisy)
    this.rests = rests
    this.draw()
  }

  draw() {
    const {run, colours} = this
    if (run == null) return
    const {traces, spikes, dt} = run
    const ghost = (/** @type {string} */ name) =>
      this.held ? [{y: this.held.traces[name], dx: this.held.dt, colour: colours.ghost, width: 1.4}] : []
    // Where the upstroke is part of the model, a spike ends at the level; no sample shows it.
    const from = spikes.map((/** @type {number} */ t) => traces.potential[Math.min(Math.floor(t / dt), run.steps - 1)])
    this.potential.strokes = [{x: spikes, from, to: this.top ?? 0, colour: colours.potential}]
    this.potential.lines = [
      ...ghost("potential"),
      {y: traces.threshold, dx: dt, colour: colours.threshold, width: 1.4, dash: [6, 4]},
      {y: traces.potential, dx: dt, colour: colours.potential},
    ]
    for (const {name, plot} of this.others) {
      plot.lines = [...ghost(name), {y: traces[name], dx: dt, colour: colours.second}]
    }
    const rows = [spikes, ...run.trains]
    const place = (/** @type {number} */ k) => run.noisy ? TRIALS - k : 1
    this.raster.strokes = rows.map((x, k) => ({x, from: place(k) - 0.4, to: place(k) + 0.4, colour: colours.spikes}))
    this.current.lines = [
      ...(this.held ? [{y: this.held.held, dx: this.held.dt, colour: colours.ghost, width: 1.4}] : []),
      {y: run.held, dx: dt, colour: colours.current},
    ]
    if (this.plane) drawPlane(this.plane, this)
    this.drawCurve()
    this.paint()
  }

  /**
   * @param {number[]} amplitudes
   * @param {{first: number, steady: number}[]} rates
   */
  curve(amplitudes, rates) {
    this.rates = {amplitudes, rates}
    this.drawCurve()
    this.fi?.paint()
  }

  drawCurve() {
    if (this.fi == null || this.rates == null) return
    const {amplitudes, rates} = this.rates
    const steady = rates.map((one) => one.steady), first = rates.map((one) => one.first)
    this.fi.x = [0, amplitudes[amplitudes.length - 1]]
    this.fi.reach(0, Math.max(10, ...first, ...steady), true)
    this.fi.lines = [
      {x: amplitudes, y: first, colour: this.colours.ghost, width: 2, points: true, name: "first interval"},
      {x: amplitudes, y: steady, colour: this.colours.rate, width: 2, name: "late"},
    ]
  }

  /** @param {Object<string, string>} colours @param {boolean} paint */
  shade(colours, paint) {
    this.colours = colours
    for (const plot of this.all) plot.colours = {text: colours.text, line: colours.line, back: colours.back}
    if (paint) this.draw()
  }

  paint() {
    for (const plot of this.all) plot.paint()
  }
}
