// What the browser holds of a session: the address, and beside it what is too long or too new for one. The tab's own comes
// back with a reload, the browser's last one is offered to a tab that begins with nothing.
import {unsettled} from "../shared/moves.js"

const NOW = "spark:now", LAST = "spark:last", EARLIER = "spark:earlier", STEPS = "spark:steps"
const WHOLE = " whole" // ends the name of what is written only where it is another: the rest is, while a hand moves
const MOST = 1_500_000 // characters of changes, of the five million that a browser keeps of a site

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

/** The address as this tab has it, "" for none. */
export const linked = () => location.hash.slice(1)

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
  attempt(() => localStorage.removeItem(LAST))
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

/** @type {string | null | undefined} */
let written

/**
 * @param {string} before
 * @param {{link: string, whole: string | null, title: string}} session
 */
export function keep(before, {link, whole, title}) {
  const text = JSON.stringify({link, before, moves: unsettled(), title, at: Date.now()})
  const also = JSON.stringify(whole && {link, whole})
  for (const [storage, name] of /** @type {const} */ ([[() => sessionStorage, NOW], [() => localStorage, LAST]])) {
    attempt(() => {
      if (whole && written !== whole) storage().setItem(name + WHOLE, also)
      else if (!whole) storage().removeItem(name + WHOLE)
      storage().setItem(name, text)
    })
  }
  written = whole
}

/**
 * What can be taken back in this tab, after a reload as well. `gone` are the first ones, for which there was no room.
 * @returns {{steps: Step[], at: number, gone: number} | null}
 */
export const changes = () => attempt(() => JSON.parse(sessionStorage.getItem(STEPS) ?? "null"))

/** @param {{steps: Step[], since: number, drop: number, at: number}} told as `app/client/keeper.py` says it */
export function keepChanges({steps, since, drop, at}) {
  const then = changes() ?? {steps: [], gone: 0}
  let gone = Math.min(Math.max(then.gone - drop, 0), since)
  const kept = then.steps.slice(Math.max(drop - then.gone, 0)).slice(0, since - gone).concat(steps)
  let length = kept.reduce((sum, [words, text]) => sum + words.length + text.length, 0)
  for (; length > MOST; gone++) {
    const [words, text] = kept.shift() ?? ["", ""]
    length -= words.length + text.length
  }
  attempt(() => sessionStorage.removeItem(STEPS)) // what does not fit leaves nothing older behind
  if (at >= gone) attempt(() => sessionStorage.setItem(STEPS, JSON.stringify({steps: kept, at, gone})))
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
