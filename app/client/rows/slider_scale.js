// From places on a slider to values and back, and the values that one key leads to.
import {clamp} from "./number.js"

export const LENGTH = 1000 // places of a slider
const FACTOR = 1.02 // of one key on a logarithmic slider

export class SliderScale {
  /** @param {import("./slider_row.js").SliderSpec} spec */
  constructor({min, max, log, step, integer}) {
    this.own = {min, max, log}
    this.min = min
    this.max = max
    this.log = log
    this.step = step
    this.integer = Boolean(integer)
  }

  /**
   * The place of a value, 0 to 1; at the ends if it lies outside.
   * @param {number} value
   */
  share(value) {
    const {min, max, log} = this
    const share = log ? Math.log(Math.max(value, min) / min) / Math.log(max / min) : (value - min) / (max - min)
    return clamp(share, 0, 1)
  }

  /**
   * The value of a place: a whole number of steps, or of tenths of a step; of those under a pixel the roundest.
   * @param {number} place of the slider, 0 to its length
   * @param {boolean} fine
   * @param {number} pixel places that a pixel moves it
   */
  at(place, fine = false, pixel = 0) {
    const {min, max, log, step} = this
    if (place <= 0) return min
    if (place >= LENGTH) return max
    const share = place / LENGTH
    if (log) return this.round(min * (max / min) ** share, fine)
    const value = min + share * (max - min)
    const round = fine && !this.integer ? 10 ** (Math.floor(Math.log10(step / 10)) + 1) : step
    const near = Math.round(value / round) * round
    if (fine && 2 * Math.abs(near - value) <= pixel / LENGTH * (max - min)) return this.snap(near, fine)
    return this.snap(value, fine)
  }

  /**
   * The slider has its own range, or a wider one when a preset or a typed value lies outside; says whether it changed.
   * @param {number} value
   */
  widen(value) {
    if (value >= this.min && value <= this.max) return false
    this.min = Math.min(this.min, value)
    this.max = Math.max(this.max, value)
    if (this.min <= 0) this.log = false
    return true
  }

  /** Its own range again; says whether it was another one. */
  narrow() {
    const {min, max} = this
    Object.assign(this, this.own)
    return min !== this.min || max !== this.max
  }

  /**
   * Where a key leads from a value, null if it does not lead anywhere.
   * @param {number} value
   * @param {string} key
   * @param {boolean} far ten steps at once
   * @param {boolean} fine a tenth of a step
   */
  next(value, key, far, fine = false) {
    if (key === "Home") return this.min
    if (key === "End") return this.max
    const steps = {ArrowUp: 1, ArrowRight: 1, ArrowDown: -1, ArrowLeft: -1, PageUp: 10, PageDown: -10}[key]
    if (steps == null) return null
    const count = far ? 10 * steps : fine && !this.integer ? steps / 10 : steps
    if (!this.log) return this.snap(value + count * this.step, fine)
    const next = this.round(value * FACTOR ** count, fine)
    if (next !== value) return next
    const least = this.integer ? 1 : 10 ** (Math.floor(Math.log10(value)) - (fine ? 3 : 2))
    return clamp(value + Math.sign(count) * least, this.min, this.max)
  }

  /**
   * @param {number} value on a logarithmic slider
   * @param {boolean} fine
   */
  round(value, fine) {
    const near = clamp(Number(value.toPrecision(fine ? 4 : 3)), this.min, this.max)
    return this.integer ? Math.round(near) : near
  }

  /**
   * @param {number} value on a linear slider
   * @param {boolean} fine
   */
  snap(value, fine) {
    const step = fine && !this.integer ? this.step / 10 : this.step
    return clamp(Number((Math.round(value / step) * step).toPrecision(12)), this.min, this.max)
  }
}
