// What a student has done of a lesson, kept by this browser alone.
import {remember, remembered} from "../shared/remembered.js"

/**
 * @typedef {object} Done
 * @property {any} [answer] the last one
 * @property {boolean} [right]
 * @property {number} [tries]
 * @property {string} [words] what was said of it
 * @property {string} [told] the answer, where it was shown
 * @property {number} [hints] how many were shown
 * @property {any} [curve] of a sketch: what it was
 */

export class Progress {
  /** @param {string} id of the lesson */
  constructor(id) {
    this.name = `lesson ${id}`
    const kept = read(this.name)
    /** @type {Object<string, Done>} by question */
    this.done = kept.done
    this.step = kept.step
  }

  /** @param {string} key @returns {Done} */
  of(key) {
    return this.done[key] ?? {}
  }

  /** @param {string} key @param {Done} more */
  note(key, more) {
    this.done[key] = {...this.of(key), ...more}
    this.keep()
  }

  /** @param {number} step */
  reach(step) {
    this.step = step
    this.keep()
  }

  forget() {
    this.done = {}
    this.step = 0
    this.keep()
  }

  keep() {
    remember(this.name, JSON.stringify({done: this.done, step: this.step}))
  }
}

/** @param {string} name @returns {{done: Object<string, Done>, step: number}} */
function read(name) {
  try {
    const found = JSON.parse(remembered(name) ?? "{}")
    return {done: Object(found.done), step: Number(found.step) || 0}
  } catch {
    return {done: {}, step: 0}
  }
}

/** How many questions of a lesson are settled. @param {string} id */
export const settled = (id) => Object.values(read(`lesson ${id}`).done).filter(isSettled).length

/** @param {Done} done */
export const isSettled = (done) => Boolean(done.right || done.told)
