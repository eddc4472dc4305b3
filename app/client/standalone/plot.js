// One plot on a canvas: axes with round numbers, lines, strokes; its axis grows at once, and shrinks when the hand rests.
import {h} from "../shared/dom.js"
import {legend, ticks, told} from "./scale.js"

const LEFT = 58, RIGHT = 20, TOP = 8
const GRID = 70, ROW = 34 // pixels between two numbers, at least

/**
 * @typedef {object} Line
 * @property {ArrayLike<number>} y
 * @property {ArrayLike<number>} [x] else samples from 0 on, `dx` apart
 * @property {number} [dx]
 * @property {string} colour
 * @property {number} [width]
 * @property {number[]} [dash]
 * @property {boolean} [points] dots, not a line
 * @property {string} [name] in the legend
 * @typedef {object} Strokes
 * @property {ArrayLike<number>} x
 * @property {number | number[]} from one for all, or one for each
 * @property {number} to
 * @property {string} colour
 */

export class Plot {
  /**
   * @param {object} of
   * @param {string} of.label of the axis at the left
   * @param {string} [of.across] of the axis below; none where another plot has it
   * @param {string} of.spoken what is shown, for who cannot see it
   * @param {boolean} [of.bare] without numbers at the left
   */
  constructor({label, across, spoken, bare = false}) {
    this.label = label
    this.across = across
    this.bare = bare
    this.canvas = h("canvas", {role: "img", "aria-label": spoken})
    this.el = h("div", {class: "plot"}, this.canvas)
    /** @type {[number, number]} */
    this.x = [0, 1]
    /** @type {[number, number] | null} */
    this.y = null
    /** @type {Line[]} */
    this.lines = []
    /** @type {Strokes[]} */
    this.strokes = []
    this.colours = {text: "#222", line: "#ccc", back: "#fff"}
    /** @type {number | null} where a hand points, in values of x */
    this.at = null
    new ResizeObserver(() => this.paint()).observe(this.el)
  }

  get bottom() {
    return this.across ? 36 : 8
  }

  get inner() {
    const {clientWidth: width, clientHeight: height} = this.el
    return {width: width - LEFT - RIGHT, height: height - TOP - this.bottom}
  }

  /**
   * The axis takes in what is shown; it shrinks only where the hand rests.
   * @param {number} low
   * @param {number} high
   * @param {boolean} rests
   */
  reach(low, high, rests) {
    if (!(high > low)) [low, high] = [low - 1, high + 1]
    const room = 0.06 * (high - low)
    const wanted = /** @type {[number, number]} */ ([low - room, high + room])
    const had = this.y
    if (had == null || rests && (wanted[1] - wanted[0] < 0.6 * (had[1] - had[0]))) this.y = wanted
    else this.y = [Math.min(had[0], low - room / 3), Math.max(had[1], high + room / 3)]
  }

  /** @param {number} pixel from the canvas's left @returns {number} */
  valueAt(pixel) {
    return this.x[0] + (pixel - LEFT) / this.inner.width * (this.x[1] - this.x[0])
  }

  paint() {
    const {canvas, el} = this, {clientWidth: width, clientHeight: height} = el
    if (width < LEFT + 20 || height < 20) return
    const scale = Math.min(devicePixelRatio || 1, 2)
    if (canvas.width !== Math.round(width * scale) || canvas.height !== Math.round(height * scale)) {
      canvas.width = Math.round(width * scale)
      canvas.height = Math.round(height * scale)
    }
    const ctx = canvas.getContext("2d", {alpha: false})
    if (ctx == null) return
    ctx.setTransform(scale, 0, 0, scale, 0, 0)
    ctx.fillStyle = this.colours.back
    ctx.fillRect(0, 0, width, height)
    const inner = this.inner, [x0, x1] = this.x, [y0, y1] = this.y ?? [0, 1]
    const X = (/** @type {number} */ x) => LEFT + (x - x0) / (x1 - x0) * inner.width
    const Y = (/** @type {number} */ y) => TOP + (y1 - y) / (y1 - y0) * inner.height
    this.axes(ctx, X, Y)
    ctx.save()
    ctx.beginPath()
    ctx.rect(LEFT, TOP, inner.width, inner.height)
    ctx.clip()
    for (const {x, from, to, colour} of this.strokes) {
      ctx.beginPath()
      ctx.strokeStyle = colour
      ctx.lineWidth = 1.3
      for (let k = 0; k < x.length; k++) {
        ctx.moveTo(X(x[k]), Y(typeof from === "number" ? from : from[k]))
        ctx.lineTo(X(x[k]), Y(to))
      }
      ctx.stroke()
    }
    for (const line of this.lines) this.draw(ctx, line, X, Y, inner.width)
    if (this.at != null && this.at >= x0 && this.at <= x1) {
      ctx.beginPath()
      ctx.strokeStyle = this.colours.text
      ctx.globalAlpha = 0.5
      ctx.lineWidth = 1
      ctx.moveTo(X(this.at), TOP)
      ctx.lineTo(X(this.at), TOP + inner.height)
      ctx.stroke()
    }
    ctx.restore()
    legend(ctx, this.lines, this.colours, {left: LEFT, right: LEFT + inner.width, top: TOP})
  }

  /**
   * @param {CanvasRenderingContext2D} ctx
   * @param {(x: number) => number} X
   * @param {(y: number) => number} Y
   */
  axes(ctx, X, Y) {
    const height = this.el.clientHeight, inner = this.inner, {text, line} = this.colours
    ctx.font = "12px Roboto, system-ui, sans-serif"
    ctx.fillStyle = text
    ctx.strokeStyle = line
    ctx.lineWidth = 1
    const across = ticks(...this.x, inner.width / GRID), up = ticks(...(this.y ?? [0, 1]), inner.height / ROW)
    ctx.beginPath()
    for (const x of across.found) {
      ctx.moveTo(Math.round(X(x)) + 0.5, TOP)
      ctx.lineTo(Math.round(X(x)) + 0.5, TOP + inner.height)
    }
    if (!this.bare) {
      for (const y of up.found) {
        ctx.moveTo(LEFT, Math.round(Y(y)) + 0.5)
        ctx.lineTo(LEFT + inner.width, Math.round(Y(y)) + 0.5)
      }
    }
    ctx.stroke()
    ctx.textAlign = "right"
    ctx.textBaseline = "middle"
    if (!this.bare) { for (const y of up.found) ctx.fillText(told(y, up.step), LEFT - 6, Y(y)) }
    if (this.across) {
      ctx.textAlign = "center"
      ctx.textBaseline = "top"
      const low = TOP + inner.height
      for (const x of across.found) ctx.fillText(told(x, across.step), X(x), low + 4)
      ctx.fillText(this.across, LEFT + inner.width / 2, low + 19)
    }
    if (ctx.measureText(this.label).width > height) return
    ctx.save()
    ctx.translate(11, TOP + inner.height / 2)
    ctx.rotate(-Math.PI / 2)
    ctx.textAlign = "center"
    ctx.textBaseline = "middle"
    ctx.fillText(this.label, 0, 0)
    ctx.restore()
  }

  /**
   * @param {CanvasRenderingContext2D} ctx
   * @param {Line} line
   * @param {(x: number) => number} X
   * @param {(y: number) => number} Y
   * @param {number} width
   */
  draw(ctx, {x, y, dx = 1, colour, width: thick = 1.6, dash = [], points = false}, X, Y, width) {
    ctx.strokeStyle = ctx.fillStyle = colour
    ctx.lineWidth = thick
    ctx.lineJoin = "round"
    ctx.setLineDash(dash)
    if (points) {
      for (let k = 0; k < y.length; k++) {
        ctx.beginPath()
        ctx.arc(X(x ? x[k] : k * dx), Y(y[k]), thick, 0, 7)
        ctx.fill()
      }
      return
    }
    ctx.beginPath()
    if (x) {
      const far = 2 * this.el.clientHeight // a dashed line to where an exponential leads takes a tenth of a second
      for (let k = 0, drawn = false; k < y.length; k++) {
        const there = Math.min(Math.max(Y(y[k]), -far), far)
        if (Number.isFinite(there)) ctx[drawn ? "lineTo" : "moveTo"](X(x[k]), there)
        drawn = Number.isFinite(there)
      }
    } else {
      const first = Math.max(0, Math.floor(this.x[0] / dx)), last = Math.min(y.length - 1, Math.ceil(this.x[1] / dx))
      const block = Math.floor((last - first) / (2 * width))
      if (block < 2) { for (let k = first; k <= last; k++) ctx.lineTo(X(k * dx), Y(y[k])) }
      else {
        for (let k = first; k <= last; k += block) { // lowest and highest of what falls into half a pixel
          let low = k, high = k
          for (let i = k; i < Math.min(k + block, last + 1); i++) {
            if (y[i] < y[low]) low = i
            if (y[i] > y[high]) high = i
          }
          const [one, other] = low < high ? [low, high] : [high, low]
          ctx.lineTo(X(one * dx), Y(y[one]))
          if (other !== one) ctx.lineTo(X(other * dx), Y(y[other]))
        }
      }
    }
    ctx.stroke()
    ctx.setLineDash([])
  }
}
