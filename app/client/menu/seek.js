// What a search, or the first letters of a name, find.

/**
 * Without case and accents: "trocme" finds "Trocmé".
 * @param {string} text
 */
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase()

/**
 * Whether a name begins so.
 * @param {string} name
 * @param {string} start
 */
const begins = (name, start) => plain(name).startsWith(plain(start))

/**
 * Whether a key is a letter with which an option begins.
 * @param {import("./menu.js").Group[]} groups
 * @param {string} key
 */
export const named = (groups, key) =>
  /^\p{L}$/u.test(key) && groups.some(({options}) => options.some(({text}) => begins(text, key)))

/**
 * Whether an option holds every word of a search.
 * @param {import("./menu.js").Option} option
 * @param {string} query
 */
export function holds({text, note, pattern, seek}, query) {
  const words = plain([text, note, pattern?.[0], seek].filter(Boolean).join(" "))
  return plain(query).split(/\s+/).every((word) => words.includes(word))
}

const PAUSE = 700 // ms after which a letter begins another name

/** Letters that are typed one after the other, as the beginning of a name. */
export class TypeAhead {
  constructor() {
    this.typed = ""
    this.last = -Infinity
  }

  /** Whether a letter now would continue the name. */
  get goesOn() {
    return performance.now() - this.last < PAUSE
  }

  /**
   * The place of the option that is meant, -1 for none; one letter again and again goes from name to name.
   * @param {string} letter
   * @param {string[]} names
   * @param {number} active where the list is now
   */
  find(letter, names, active) {
    this.typed = (this.goesOn ? this.typed : "") + plain(letter)
    this.last = performance.now()
    const same = [...this.typed].every((one) => one === this.typed[0])
    const start = same ? this.typed[0] : this.typed
    const from = Math.max(0, active) + (same ? 1 : 0)
    for (let i = 0; i < names.length; i++) {
      const at = (from + i) % names.length
      if (begins(names[at], start)) return at
    }
    return -1
  }
}
