// The one global of the page, `window.spark`: what its components, and the callbacks of its figures, share.

/**
 * @typedef {(head: any, buffer: ArrayBuffer, base: number) => void} Take
 *   what a component does with a message: its head, and the buffer that holds its arrays from `base` on
 * @typedef {object} Spark
 * @property {Map<string, Take>} inboxes by address, who takes what comes over the page's channel
 * @property {{say: (to: string, said: object) => boolean} | null} channel the page's own connection, once it was open
 * @property {Map<string, string>} sentences by address, what an open view says of the run
 * @property {((to: string, said: object) => void) | null} say over whichever connection there is
 * @property {((said: any) => void) | null} onSaid
 * @property {boolean} away whether the server is, so that nothing but values can be kept
 * @property {typeof import("../picture/hand.js").hand | null} hand the same of a pointer on a figure, a few times a second
 * @property {Map<string, string | null>} unkept settings by name that the browser refuses to remember
 * @property {import("./keys.js").Shortcut[] | null} keys that work anywhere in the page
 * @property {import("../player/moment.js").Moment | null} moment the time of the run that is looked at
 * @property {Map<string, [any, number]>} moves by rows' keys, what was moved since the address was written, and by which move
 * @property {number} moved moves until now
 * @property {(() => void) | null} onMoved
 * @property {Set<import("./quiet.js").Speaker>} quiet who holds back what it knows of a run
 * @property {{link: string, title: string, whole: string | null, long: boolean}} session as text, as it was written last; `long`:
 *   an address does not hold all of it
 * @property {(() => void) | null} onSession
 * @property {(() => void) | null} onTooLarge what is to be said is not sent
 * @property {(() => void) | null} onCut the channel is closed: what was said last may not have arrived
 * @property {(() => void) | null} renew begin the page anew, with all that it shows
 */

/** @type {Spark} */
export const spark = globalThis.spark ??= {
  inboxes: new Map(),
  sentences: new Map(),
  channel: null,
  say: null,
  onSaid: null,
  away: false,
  hand: null,
  unkept: new Map(),
  keys: null,
  moment: null,
  moves: new Map(),
  moved: 0,
  onMoved: null,
  quiet: new Set(),
  session: {link: "", title: "", whole: null, long: false},
  onSession: null,
  onTooLarge: null,
  onCut: null,
  renew: null,
}
