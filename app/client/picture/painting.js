// From a message to the figures: all data sources, one paint, one acknowledgement.
import {Larger} from "./larger.js"
import {
  columns,
  draws,
  figures,
  fill,
  gone,
  image,
  models,
  named,
  onColumns,
  paint,
  pause,
  setById,
  stays,
} from "../shared/seam.js"

const TURNS = 20 // more than Bokeh needs; with too few it would paint by itself, later
const PATIENCE = 600 // frames to wait for figures that are not in the page yet
const REST = 150 // ms after which the width of the traces counts as settled
const WIDER = 0.02 // part by which their width must change to be drawn anew: the labels of axes may move it by less
const TRACES = "spark:current" // a data source of theirs
/** @type {Object<string, new (buffer: ArrayBuffer, at: number, length: number) => any>} */
const TYPES = {f4: Float32Array, u1: Uint8Array}

/**
 * @typedef {[number, number, string, number[] | null]} Place where an array lies: offset, length, type, shape of an image
 * @typedef {object} Change a picture, or what a view adds to it
 * @property {number} [revision] of a picture: comes back when it is painted
 * @property {Object<string, Object<string, Place>>} layout by source and column
 * @property {[string, Object<string, any>][]} looks properties of Bokeh's models, by their ids
 * @property {ArrayBuffer} buffer
 * @property {number} base where the arrays begin
 */

export class Painting {
  /**
   * @param {any} doc
   * @param {(revision: number, columns: number | null) => void} onPainted called with the frame that shows a picture
   */
  constructor(doc, onPainted) {
    this.doc = doc
    this.onPainted = onPainted
    this.alive = true
    /** @type {Change[]} shown in order, each whole: what has not changed since the one before is not sent again */
    this.queue = []
    this.framing = false // the traces are painted, and the frame that shows them is still to come
    /** @type {Map<string, any>} */
    this.sources = new Map()
    /** @type {any[]} */
    this.figures = []
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.settling = undefined
    this.letGo = () => {}
    this.larger = new Larger(doc)
    this.size = 0 // of the document: views that open bring figures of their own
  }

  stop() {
    this.alive = false
    clearTimeout(this.settling)
    this.letGo()
    this.larger.leave()
    this.sources.clear()
  }

  /**
   * Say when the traces have another width, once it stays.
   * @param {(columns: number) => void} follow
   */
  onResized(follow) {
    let before = this.columns
    this.letGo()
    this.letGo = onColumns(this.plots()[0], () => {
      clearTimeout(this.settling)
      this.settling = setTimeout(() => {
        const now = this.columns
        if (now != null && Math.abs(now - (before ?? 0)) > WIDER * now) follow(before = now)
      }, REST)
    })
  }

  /** Pixels between the axes of the traces, null before they have their size. */
  get columns() {
    return columns(this.plots()[0]) ?? null
  }

  /** @param {Change} change */
  add(change) {
    this.queue.push(change)
    if (this.queue.length === 1) this.drain()
  }

  drain(tries = 0) {
    while (this.alive && this.queue.length) {
      const next = this.queue[0]
      if (this.framing && next.revision == null) return // what a view adds waits: it must not delay that frame
      const missing = Object.keys(next.layout).filter((name) => this.source(name) == null)
      if (missing.length && tries < PATIENCE) {
        requestAnimationFrame(() => this.drain(tries + 1))
        return
      }
      if (missing.length) console.error(`no data source ${missing.join(", ")}`)
      tries = 0
      this.queue.shift()
      try {
        this.show(next)
      } catch (error) {
        console.error(error)
      }
    }
  }

  /** @param {Change} change */
  show({revision, layout, looks, buffer, base}) {
    // Each figure that changes is painted once, and now: left alone, Bokeh paints one or two display frames later, and
    // measures the layout of its axes each time.
    const plots = this.plots()
    const changed = looks.length ? plots : plots.filter((plot) => draws(plot, (name) => name != null && name in layout))
    for (const plot of changed) pause(plot)
    for (const [id, values] of looks) setById(this.doc, id, values)
    for (const [name, places] of Object.entries(layout)) {
      const source = this.source(name)
      if (source == null) continue
      const data = {...source.data}
      for (const [column, place] of Object.entries(places)) data[column] = array(buffer, base, place)
      fill(source, data)
    }
    this.framing ||= revision != null
    this.paint(changed, revision)
  }

  /**
   * @param {any[]} changed
   * @param {number | undefined} revision
   */
  async paint(changed, revision) {
    for (let k = 0; k < TURNS; k++) await null // glyphs take their data over in microtasks
    for (const plot of changed) {
      try {
        paint(plot)
      } catch (error) {
        console.error(error)
      }
    }
    if (revision == null) return
    requestAnimationFrame(() => { // the frame that shows what was painted
      if (!this.alive) return
      this.onPainted(revision, this.columns)
      this.framing = false
      setTimeout(() => this.drain()) // after that frame
    })
  }

  /** @param {string} name */
  source(name) {
    const kept = this.sources.get(name)
    if (kept != null && stays(this.doc, kept)) return kept
    const found = named(this.doc, name)
    if (found != null) this.sources.set(name, found)
    return found
  }

  /** The figures that are in the page, those of the traces first. */
  plots() {
    const {size} = models(this.doc) // another when a view opens that brings figures
    if (this.size !== size || !columns(this.figures[0]) || this.figures.some(gone)) {
      this.size = size
      this.figures = figures(this.doc)
      this.larger.renew()
      /** @param {any} plot */
      const place = (plot) => draws(plot, (name) => name === TRACES) ? 0 : 1
      this.figures.sort((one, other) => place(one) - place(other))
    }
    return this.figures
  }
}

/**
 * @param {ArrayBuffer} buffer
 * @param {number} base
 * @param {Place} place
 */
function array(buffer, base, [offset, length, type, shape]) {
  const values = new TYPES[type](buffer, base + offset, length)
  return shape ? [image(values, shape)] : values
}
