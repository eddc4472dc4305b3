// What the browser holds of a session: the address, and beside it what is too long or too new for one. The tab's own comes
// back with a reload, the browser's last one is offered to a tab that begins with nothing.
import {moved, unsettled} from "../shared/moves.js"

const NOW = "spark:now",
  LAST = "spark:last",
  EARLIER = "spark:earlier",
  STEPS = "spark:steps",
  CURRENTS = "spark:currents"
const WHOLE = " whole" // ends the name of what is written only where it is another: the rest is, while a hand moves
const MOST = 1_500_000 // characters of currents, of the five million that a browser keeps of a site

/** @typedef {[words: string, text: string]} Step what was changed, and the session after it */

/**
 * @typedef {object} Stored
 * @property {string} link
 * @property {string} before another address of it: one that it was written over, in a page that was reloaded just then, or
 *   one that the browser refused to change
 * @property {string | null} whole the session as text, where an address does not hold all of it; of its own name
 * @property {Object<string, any>} moves by rows' keys, made since
 * @property {string} title
 * @property {number} at when, in ms
 */

/** The address as this tab has it, "" for none; that of a classroom's teacher holds no session. */
export const linked = () => location.hash.startsWith("#teach=") ? "" : location.hash.slice(1)

/**
 * What a page begins with: the address, and what this tab knows beyond it.
 * @returns {{link: string, moves: Object<string, any>, own: boolean}}
 */
export function begun() {
  const link = linked(), kept = read(() => sessionStorage, NOW)
  if (kept != null && [kept.link, kept.before].includes(link)) {
    return {link: kept.whole ?? kept.link, moves: kept.moves, own: true}
  }
  const whole = entered() // the tab has been elsewhere since, and comes back to this address
  return {link: whole ?? link, moves: {}, own: whole != null}
}

/** The same for the server, with what can be taken back. What was moved stays kept until the server says that it heard of it. */
export function beginning() {
  const found = begun()
  const move = Object.keys(found.moves).length ? moved(found.moves) : 0
  return found.own ? {...found, move, changes: changes()} : {...found, move}
}

/** The session as text that the browser keeps with the address that is shown; null where that itself is all of it. */
export const entered = () => /** @type {string | null} */ (history.state?.spark?.whole ?? null)

/**
 * Change the address.
 * @param {string} link
 * @param {string | null} whole
 * @param {boolean} push whether one can go back to the one before
 */
export function enter(link, whole, push) {
  const url = link ? `#${link}` : location.pathname + location.search
  history[push ? "pushState" : "replaceState"]({spark: {whole}}, "", url)
}

/** The session that was open last in this browser, whichever the tab. */
export const last = () => read(() => localStorage, LAST)

export function forgetLast() {
  for (const name of [LAST, LAST + WHOLE]) attempt(() => localStorage.removeItem(name))
}

/** The one before that, which a tab that began with nothing has taken the place of. */
export const earlier = () => read(() => localStorage, EARLIER)

/** Another session begins: the last one is the earlier one from now on. */
export function makeWay() {
  for (const part of ["", WHOLE]) {
    attempt(() => {
      const found = localStorage.getItem(LAST + part)
      if (found != null) localStorage.setItem(EARLIER + part, found)
      else localStorage.removeItem(EARLIER + part)
    })
  }
}

/**
 * @param {string} before
 * @param {{link: string, whole: string | null, title: string}} session
 */
export function keep(before, {link, whole, title}) {
  const head = `{"link":${JSON.stringify(link)},`
  const text = head + JSON.stringify({before, moves: unsettled(), title, at: Date.now()}).slice(1)
  for (const [storage, name] of /** @type {const} */ ([[() => sessionStorage, NOW], [() => localStorage, LAST]])) {
    attempt(() => {
      // Where this link is there already, so is the whole of it; another tab may have written another one meanwhile.
      if (!storage().getItem(name)?.startsWith(head)) {
        if (whole) storage().setItem(name + WHOLE, JSON.stringify({link, whole}))
        else storage().removeItem(name + WHOLE)
      }
      storage().setItem(name, text)
    })
  }
}

/**
 * What can be taken back in this tab, after a reload as well.
 * @returns {{steps: Step[], at: number, currents: Object<string, string>} | null}
 */
const changes = () => attempt(() => ({...steps(), currents: currents()}))

/** @returns {{steps: Step[], at: number}} */
const steps = () => JSON.parse(sessionStorage.getItem(STEPS) ?? '{"steps": [], "at": 0}')

/** @returns {Object<string, string>} */
const currents = () => JSON.parse(sessionStorage.getItem(CURRENTS) ?? "{}")

/**
 * @param {{steps: Step[], currents: Object<string, string>, since: number, drop: number, at: number}} told as
 *   `app/client/keeper.py` says it
 */
export function keepChanges({steps: told, currents: fresh, since, drop, at}) {
  const kept = (attempt(steps)?.steps ?? []).slice(drop).slice(0, since).concat(told)
  attempt(() => sessionStorage.removeItem(STEPS)) // what cannot be kept leaves nothing older behind
  if (kept.length !== since + told.length || at >= kept.length) return // those before were not kept
  attempt(() => sessionStorage.setItem(STEPS, JSON.stringify({steps: kept, at})))
  if (!Object.keys(fresh).length) return
  attempt(() => {
    const all = Object.entries({...currents(), ...fresh})
    while (all.reduce((sum, [, text]) => sum + text.length, 0) > MOST) all.shift()
    sessionStorage.setItem(CURRENTS, JSON.stringify(Object.fromEntries(all)))
  })
}

/**
 * @param {() => Storage} storage
 * @param {string} name
 * @returns {Stored | null}
 */
function read(storage, name) {
  return attempt(() => {
    const found = JSON.parse(storage().getItem(name) ?? "null")
    if (typeof found?.link !== "string" || typeof found.moves !== "object") return null
    const also = JSON.parse(storage().getItem(name + WHOLE) ?? "null")
    return {...found, whole: also?.link === found.link ? also.whole : null}
  }) ?? null
}

/**
 * Private windows may refuse, and a full store.
 * @template T
 * @param {() => T} act
 */
function attempt(act) {
  try {
    return act()
  } catch {
    return null
  }
}
