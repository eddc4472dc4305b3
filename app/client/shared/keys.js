// Keys of the whole page. Whoever has a key says so, with what it does in words:
//
//   const off = onKey("f", "Fit the axes", () => button.click())
//   onLeave(model, off)
//
// The list that `?` shows is this one, so that it cannot lie. A key is written as "f", "1", "[", "Space", "Escape",
// "Ctrl+z" or "Ctrl+Shift+z" (Ctrl is the command key of a Mac as well). `act` returns false where it has nothing to do
// now: the key then goes to who registered it before, and at last to the browser. The same key with the same words
// takes the place of an earlier one, so that a component that is drawn anew may say it again.
//
// No key works in a field where one types or a menu that is open (a closed one takes the letters that it knows itself:
// "handled", below), Space presses a button that has the focus, and what
// somebody else has handled (`preventDefault`) is let be. Keys without Ctrl can be switched off (`useSingleKeys`).
import {remember, remembered} from "./remembered.js"
import {spark} from "./spark.js"

const TYPED = "textarea, select, [role=combobox]:not(button), [role=combobox][aria-expanded=true], [role=listbox], " +
  "[role=menu], [role=menuitem], [role=textbox], [role=searchbox], [role=spinbutton], " +
  "input:not([type=range], [type=checkbox], [type=radio], [type=button])"
const PRESSED = "button, summary, input, a[href], [role=button], [role=tab], [role=checkbox], [role=switch]"
const RESTS = "input[data-rests]" // what is typed is what is set
const MODAL = "dialog:modal, [aria-modal=true]"
const SETTING = "single-keys"

/**
 * @typedef {object} Shortcut
 * @property {string} key
 * @property {string} words
 * @property {(event: KeyboardEvent) => unknown} act
 * @property {boolean} repeats
 */

/**
 * @param {string} key
 * @param {string} words what it does, as it stands in the list
 * @param {(event: KeyboardEvent) => unknown} act false: there is nothing to do now
 * @param {{repeats?: boolean}} [how] `repeats`: again and again while the key is held down
 * @returns {() => void} take the key back
 */
export function onKey(key, words, act, {repeats = false} = {}) {
  if (spark.keys == null) {
    spark.keys = []
    document.addEventListener("keydown", pressed)
  }
  const mine = {key, words, act, repeats}
  spark.keys = [...spark.keys.filter((one) => one.key !== key || one.words !== words), mine]
  return () => {
    spark.keys = spark.keys?.filter((one) => one !== mine) ?? null
  }
}

/** Every key that works, in the order in which they were said. */
export const shortcuts = () => spark.keys ?? []

/** @param {string} key */
export const isSingle = (key) => !key.startsWith("Ctrl+") && key !== "Escape"

export const singleKeys = () => remembered(SETTING) !== "off"

/** @param {boolean} yes */
export function useSingleKeys(yes) {
  remember(SETTING, yes ? null : "off")
}

/** @param {KeyboardEvent} event */
function pressed(event) {
  const key = written(event)
  if (event.defaultPrevented || event.isComposing || taken(event, key)) return
  if (isSingle(key) && !singleKeys()) return
  for (const one of shortcuts().filter((one) => one.key === key).reverse()) {
    if (event.repeat && isSingle(key) && !one.repeats) continue
    if (one.act(event) !== false) {
      event.preventDefault()
      return
    }
  }
}

/**
 * The key as it is written here, "" for one that is the browser's own.
 * @param {KeyboardEvent} event
 */
function written(event) {
  const {altKey, ctrlKey, metaKey, shiftKey} = event
  const key = event.key === " " ? "Space" : event.key.length === 1 ? event.key.toLowerCase() : event.key
  const letter = /^[\p{L}\p{N}]$/u.test(key)
  // On many keyboards brackets and slashes are typed with AltGr (which says Ctrl and Alt), Option or Shift.
  const alternate = event.getModifierState("AltGraph") || (altKey && !ctrlKey && !letter)
  if (!alternate && altKey) return ""
  if (!alternate && (ctrlKey || metaKey)) return `Ctrl+${shiftKey ? "Shift+" : ""}${key}`
  return shiftKey && /^\p{L}$/u.test(key) ? "" : key
}

/**
 * Whether what has the focus takes the key itself.
 * @param {KeyboardEvent} event
 * @param {string} key
 */
function taken(event, key) {
  const path = event.composedPath().filter((one) => one instanceof HTMLElement)
  /** @param {string} selector */
  const within = (selector) => path.some((one) => one.matches(selector))
  if (key === "Escape") return within(MODAL)
  if (within(RESTS) && !isSingle(key)) return false
  return within(TYPED) || within(MODAL) || Boolean(path[0]?.isContentEditable) || (key === "Space" && within(PRESSED))
}
