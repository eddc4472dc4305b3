// A hand on a slider: where it leads the thumb, and a tenth of that where it wants to be exact.
import {clamp} from "./number.js"
import {LENGTH} from "./slider_scale.js"

const SLOWER = 10
const AWAY = 44 // pixels from the track beyond which a finger means to be exact
const SLACK = 6 // pixels that a finger moves before it is no tap; along the track it then drags, across it scrolls

/**
 * @typedef {object} Led
 * @property {() => number} place where the thumb is, 0 to the slider's length
 * @property {(place: number, fine: boolean) => void} move it is led there
 * @property {() => void} end the hand lets go
 */

/**
 * The browser's own dragging knows one speed only, so a hand is followed here: with Shift, or with the finger away from
 * the track, the thumb moves a tenth as fast, and goes on from there at full speed. Everything else (keys, assistive
 * technology) is the element's own.
 */
export class Drag {
  /**
   * @param {HTMLInputElement} range
   * @param {Led} led
   */
  constructor(range, led) {
    this.range = range
    this.led = led
    this.active = false
    /** @type {number | null} the pointer that is followed */
    this.id = null
    this.left = 0
    this.travel = 1
    this.middle = 0
    this.down = {x: 0, y: 0}
    this.offset = 0
    this.last = 0
    /** @type {{from: number, at: number} | null} where the thumb and the hand were as it became exact */
    this.fine = null
    range.addEventListener("pointerdown", (event) => this.begin(event))
    range.addEventListener("pointermove", (event) => this.follow(event))
    range.addEventListener("pointerup", (event) => this.end(event))
    range.addEventListener("pointercancel", () => this.drop())
    range.addEventListener("mousedown", (event) => { // else the browser leads the thumb as well
      if (event.button !== 0) return
      event.preventDefault()
      range.focus({preventScroll: true})
    })
  }

  /** @param {PointerEvent} event */
  begin(event) {
    if (event.button !== 0 || !event.isPrimary) return
    const {left, top, width, height} = this.range.getBoundingClientRect()
    const half = parseFloat(getComputedStyle(this.range).getPropertyValue("--half")) || 0
    this.left = left + half
    this.travel = Math.max(1, width - 2 * half)
    this.middle = top + height / 2
    this.down = {x: event.clientX, y: event.clientY}
    this.id = event.pointerId
    this.offset = 0
    this.fine = null
    this.last = this.at(event)
    this.active = event.pointerType !== "touch" // a finger may be about to scroll
    if (!this.active) return
    this.range.setPointerCapture(event.pointerId)
    const off = this.led.place() - this.last
    if (Math.abs(off) * this.travel <= half * LENGTH) this.offset = off // the thumb itself is taken
    else this.lead(event)
  }

  /** @param {PointerEvent} event */
  follow(event) {
    if (event.pointerId !== this.id) return
    const {along, across} = this.moved(event)
    if (!this.active && (along < SLACK || along < across)) return
    this.active = true
    this.lead(event)
  }

  /** @param {PointerEvent} event */
  end(event) {
    if (event.pointerId !== this.id) return
    this.id = null
    const {along, across} = this.moved(event)
    const tapped = !this.active && Math.max(along, across) < SLACK
    if (tapped) this.lead(event)
    if (tapped || this.active) this.led.end()
    this.active = false
  }

  /**
   * How far a hand has gone along the track, and across it, where it is about to scroll.
   * @param {PointerEvent} event
   */
  moved({clientX, clientY}) {
    return {along: Math.abs(clientX - this.down.x), across: Math.abs(clientY - this.down.y)}
  }

  drop() {
    this.id = null
    if (!this.active) return
    this.active = false
    this.led.end()
  }

  /** How far a pixel of the hand leads the thumb where it is exact. */
  get pixel() {
    return LENGTH / this.travel / SLOWER
  }

  /**
   * The place under a pointer.
   * @param {PointerEvent} event
   */
  at(event) {
    return LENGTH * (event.clientX - this.left) / this.travel
  }

  /** @param {PointerEvent} event */
  lead(event) {
    const {clientY, shiftKey, pointerType} = event
    const place = this.at(event)
    const slow = shiftKey || (pointerType === "touch" && Math.abs(clientY - this.middle) > AWAY)
    if (slow) {
      this.fine ??= {from: this.led.place(), at: this.last}
      const to = clamp(this.fine.from + (place - this.fine.at) / SLOWER, 0, LENGTH)
      this.offset = to - place
      this.led.move(to, true)
    } else {
      this.fine = null
      this.led.move(clamp(place + this.offset, 0, LENGTH), false)
    }
    this.last = place
  }
}
