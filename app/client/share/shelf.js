// The states that were kept in this browser, each with a name and a picture; as one file they leave it and come in.

const NAME = "spark:shelf"
const FORMAT = "spark states"
const VERSION = 1
const MOST = 200
const LONGEST = {name: 80, title: 200, link: 4_000_000, picture: 60_000}

/**
 * @typedef {object} State
 * @property {string} name
 * @property {string} title model and preset
 * @property {string} link the session as text
 * @property {number} at when it was kept, in ms
 * @property {string} picture as a data URL, "" for none
 */

/** @returns {State[]} */
export function states() {
  try {
    return believed(JSON.parse(localStorage.getItem(NAME) ?? "[]"))
  } catch {
    return []
  }
}

/**
 * Raises an error with a sentence where the browser refuses.
 * @param {State[]} all
 */
export function store(all) {
  if (all.length > MOST) throw new Error(`At most ${MOST} states are kept: delete some, or export them first.`)
  try {
    localStorage.setItem(NAME, JSON.stringify(all))
  } catch {
    throw new Error("The browser has no room for it: export the states as a file and delete some.")
  }
}

/** @param {State[]} all */
export const written = (all) => JSON.stringify({format: FORMAT, version: VERSION, states: all}, null, 1)

/**
 * What a file holds: states that were exported, or one session as the export of data writes it.
 * @param {string} text
 * @returns {{states: State[]} | {session: object}}
 */
export function read(text) {
  let data
  try {
    data = JSON.parse(text)
  } catch {
    throw new Error("This file is no JSON: choose one that Spark has exported.")
  }
  if (data?.format === FORMAT && data.version > VERSION) {
    throw new Error("This file was made by a newer Spark: update this one.")
  }
  if (data?.format === FORMAT && Array.isArray(data.states)) {
    const found = believed(data.states)
    if (found.length < data.states.length) throw new Error("This file is not whole: nothing of it was taken.")
    return {states: found}
  }
  if (data?.model && data?.config) return {session: data}
  throw new Error("This file holds no state of Spark: choose one that Spark has exported.")
}

/**
 * Only what could have been kept here.
 * @param {unknown} found
 * @returns {State[]}
 */
function believed(found) {
  return Array.isArray(found)
    ? found.filter(whole).map(({name, title, link, at, picture}) => ({name, title, link, at, picture}))
    : []
}

/** @param {any} one */
function whole(one) {
  const texts = Object.entries(LONGEST).every(([key, most]) =>
    typeof one?.[key] === "string" && one[key].length <= most
  )
  return texts && Number.isFinite(one.at) && /^\d[\w-]*$/.test(one.link) &&
    (one.picture === "" || one.picture.startsWith("data:image/png;base64,"))
}
