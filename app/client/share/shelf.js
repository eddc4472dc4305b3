// The states that were kept in this browser, each with a name and a picture; as one file they leave it and come in.
// Another tab may change them at any time: they are read anew for every change, and each has an id.

export const SHELF = "spark:shelf"
const FORMAT = "spark states"
const VERSION = 1
const MOST = 200
export const LONGEST = {name: 80, title: 200, link: 4_000_000, picture: 60_000}
const LONGEST_ID = 80

/**
 * @typedef {object} State
 * @property {string} id
 * @property {string} name
 * @property {string} title model and preset
 * @property {string} link the session as text
 * @property {number} at when it was kept, in ms
 * @property {string} picture as a data URL, "" for none
 */

/** @returns {State[]} */
export function states() {
  try {
    return believed(JSON.parse(localStorage.getItem(SHELF) ?? "[]"))
  } catch {
    return []
  }
}

/**
 * Raises an error with a sentence where it cannot be kept, or the browser refuses.
 * @param {State[]} all
 */
export function store(all) {
  if (all.length > MOST) throw new Error(`At most ${MOST} states are kept: delete some, or export them first.`)
  if (all.some(({link}) => link.length > LONGEST.link)) {
    throw new Error("This state is too large to be kept here: save it as a file, by Export, State (JSON).")
  }
  if (!all.every(whole)) throw new Error("This state cannot be kept: it has no link yet.")
  try {
    localStorage.setItem(SHELF, JSON.stringify(all))
  } catch {
    throw new Error("The browser has no room for it: export the states as a file and delete some.")
  }
}

/**
 * A state as it can be kept, however long its words are.
 * @param {Omit<State, "id" | "at">} of
 * @returns {State}
 */
export function made({name, title, link, picture}) {
  const small = picture.length <= LONGEST.picture ? picture : ""
  return {...told(), name: cut(name, LONGEST.name), title: cut(title, LONGEST.title), link, picture: small}
}

/** An id that no other state has, and when it was given. `crypto.randomUUID` is for pages with TLS alone. */
function told() {
  const at = Date.now()
  return {id: `${at.toString(36)}-${Math.random().toString(36).slice(2)}`, at}
}

/**
 * At most so many UTF-16 units, and no half of a character.
 * @param {string} text
 * @param {number} most
 */
export const cut = (text, most) => text.slice(0, most).replace(/[\uD800-\uDBFF]$/, "").trim()

/**
 * Those of them that are not there already, which can stand beside those that are.
 * @param {State[]} more
 * @param {State[]} all
 */
export function fresh(more, all) {
  const known = new Set(all.map(({link, name}) => `${name} ${link}`)), ids = new Set(all.map(({id}) => id))
  return more.filter(({link, name}) => !known.has(`${name} ${link}`))
    .map((one) => ids.has(one.id) ? {...one, id: told().id} : one)
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
 * Only what could have been kept here. One without an id has one by its place, the same in every tab until all are
 * stored with theirs; of two with the same id the second one has another.
 * @param {unknown} found
 * @returns {State[]}
 */
function believed(found) {
  if (!Array.isArray(found)) return []
  const ids = new Set()
  return found.filter(whole).map(({id, name, title, link, at, picture}, place) => {
    const own = id == null || ids.has(id) ? `${at}.${place}` : id
    ids.add(own)
    return {id: own, name, title, link, at, picture}
  })
}

/** @param {any} one */
function whole(one) {
  const texts = Object.entries(LONGEST).every(([key, most]) =>
    typeof one?.[key] === "string" && one[key].length <= most
  )
  return texts && Number.isFinite(one.at) && /^\d[\w-]*$/.test(one.link) &&
    (one.picture === "" || one.picture.startsWith("data:image/png;base64,")) &&
    (one.id == null || typeof one.id === "string" && one.id.length <= LONGEST_ID)
}
