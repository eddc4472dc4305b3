// A lesson and its step in the page's address.
import {Progress} from "./progress.js"

const NAME = "lesson", STEP = "step"

/** @param {string | null} id of the lesson, null for none @param {number} step */
export function writeAddress(id, step) {
  const query = new URLSearchParams(location.search)
  query.delete(NAME)
  query.delete(STEP)
  if (id != null) {
    query.set(NAME, id)
    query.set(STEP, String(step + 1))
  }
  const text = query.toString()
  try {
    history.replaceState(history.state, "", `${location.pathname}${text ? `?${text}` : ""}${location.hash}`)
  } catch { /* a file of the disk has no query */ }
}

/** What the address asks for; where it names no step, the one that was reached. @returns {{lesson: string, step: number} | null} */
export function askedFor() {
  const query = new URLSearchParams(location.search), lesson = query.get(NAME)
  if (!lesson) return null
  const at = Number(query.get(STEP)) - 1
  return {lesson, step: query.has(STEP) && at >= 0 ? at : new Progress(lesson).step}
}
