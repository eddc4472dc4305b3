// What the browser holds of a session: the address, and beside it what is too long or too new for one. The tab's own comes
// back with a reload, the browser's last one is offered to a tab that begins with nothing.
import {unsettled} from "../shared/moves.js"

const NOW = "spark:now", LAST = "spark:last", EARLIER = "spark:earlier"

/**
 * @typedef {object} Stored
 * @property {string} link
 * @property {string} before another address of it: one that it was written over, in a page that was reloaded just then, or
 *   one that the browser refused to change
 * @property {string | null} whole the session as text, where an address does not hold all of it
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
  const own = kept != null && [kept.link, kept.before].includes(link)
  return {link: own ? kept.whole ?? kept.link : link, moves: own ? kept.moves : {}, own}
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
  attempt(() => {
    const found = localStorage.getItem(LAST)
    if (found != null) localStorage.setItem(EARLIER, found)
  })
}

/**
 * @param {string} before
 * @param {{link: string, whole: string | null, title: string}} session
 */
export function keep(before, {link, whole, title}) {
  const text = JSON.stringify({link, before, whole, moves: unsettled(), title, at: Date.now()})
  attempt(() => sessionStorage.setItem(NOW, text))
  attempt(() => localStorage.setItem(LAST, text))
}

/**
 * @param {() => Storage} storage
 * @param {string} name
 * @returns {Stored | null}
 */
function read(storage, name) {
  return attempt(() => {
    const found = JSON.parse(storage().getItem(name) ?? "null")
    return typeof found?.link === "string" && typeof found.moves === "object" ? found : null
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
