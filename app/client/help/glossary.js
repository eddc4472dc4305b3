// The glossary in the page: terms by what they are called, and where they stand in a text.

/**
 * @typedef {object} Term as `app/glossary.py` declares it
 * @property {string} name
 * @property {string} words
 * @property {string} group
 * @property {string} unit
 * @property {string[]} also
 * @property {string[]} labels
 * @property {string} link
 * @property {boolean} plain a term only where it stands alone
 */

export class Glossary {
  /** @param {Term[]} terms */
  constructor(terms) {
    this.terms = terms
    /** @type {Map<string, Term>} by every spelling */
    this.labels = new Map()
    /** @type {Map<string, Term>} by those that are terms in a sentence as well */
    this.spelled = new Map()
    for (const term of terms) {
      for (const one of [term.name, ...term.also, ...term.labels]) this.labels.set(one.toLowerCase(), term)
      for (const one of term.plain ? term.also : [term.name, ...term.also]) this.spelled.set(one.toLowerCase(), term)
    }
    const longest = [...this.spelled.keys()].sort((a, b) => b.length - a.length)
    const any = longest.map((one) => one.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|")
    this.pattern = new RegExp(`(?<![\\p{L}\\p{N}])(?:${any})(?![\\p{L}\\p{N}])`, "giu")
  }

  /**
   * What a label, or a word of it, means.
   * @param {string} text
   * @returns {Term[]}
   */
  labelled(text) {
    const whole = this.labels.get(text.trim().toLowerCase())
    return whole ? [whole] : [...new Set(this.within(text).map(({term}) => term))]
  }

  /**
   * The terms of a sentence, with the places of their first and behind their last letters.
   * @param {string} text
   * @returns {{term: Term, start: number, end: number}[]}
   */
  within(text) {
    return [...text.matchAll(this.pattern)].flatMap((found) => {
      const term = this.spelled.get(found[0].toLowerCase())
      return term ? [{term, start: found.index, end: found.index + found[0].length}] : []
    })
  }

  /**
   * Terms that a search finds: by their names first, then by their words.
   * @param {string} asked
   * @returns {Term[]}
   */
  found(asked) {
    const wanted = asked.trim().toLowerCase()
    /** @param {Term} term */
    const named = (term) => [term.name, ...term.also, ...term.labels].some((one) => one.toLowerCase().includes(wanted))
    const first = this.terms.filter(named)
    return [...first, ...this.terms.filter((one) => !first.includes(one) && one.words.toLowerCase().includes(wanted))]
  }
}
