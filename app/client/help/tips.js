// Tips on terms. A pointer that rests on a label or in a sentence, a finger that taps there, or the keyboard's focus on
// an element with `data-term`, brings the glossary's words. Everything is looked up then, in what the page shows: nothing
// is marked ahead, so that pictures that change texts many times a second pay nothing.
//
// An element says by `data-term="scan"` what it is; `data-more` adds a sentence of its own; `data-prose` is a text whose
// words are to be explained.
import {stand} from "../shared/beside.js"
import {h} from "../shared/dom.js"

const REST = 250 // ms after which a pointer rests
const AWAY = 40 // pixels from its word at which it goes
const LABELS = "dt, dd, [data-term]"
const PROSE = ".say, .cost, .why p, caption, th, .key span, [data-prose]"
const MARKED = "spark-term"
const SHEET = `dt, [data-term] { cursor: help; } ::highlight(${MARKED}) { text-decoration: underline dotted 1px; }`

/** @typedef {{terms: import("./glossary.js").Term[], box: DOMRect, rows?: DOMRect, more?: string, run?: boolean}} Found rows: it stands beside them; run: of the run that is shown */

export class Tips {
  /**
   * @param {import("./glossary.js").Glossary} glossary
   * @param {() => void} why asks why it is silent
   */
  constructor(glossary, why) {
    this.glossary = glossary
    this.why = why
    this.answered = false
    this.el = h("div", {class: "tip", popover: "manual", role: "tooltip"})
    /** @type {DOMRect | null} of what is explained */
    this.box = null
    this.byKeyboard = false
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined
    this.sheet = new CSSStyleSheet()
    this.sheet.replaceSync(SHEET)
    this.off = new AbortController()
    const {signal} = this.off
    document.addEventListener("pointermove", (event) => this.moved(event), {signal, passive: true})
    document.addEventListener("pointerdown", (event) => this.pressed(event), {signal, passive: true})
    document.addEventListener("focusin", (event) => this.focused(event), {signal})
    document.addEventListener("focusout", () => this.byKeyboard && this.hide(), {signal})
    document.addEventListener("input", () => this.hide(), {signal, passive: true}) // a value changes
    document.addEventListener("keydown", ({key}) => /^(Arrow|Page|Home|End)/.test(key) && this.hide(), {signal})
    document.addEventListener("scroll", () => this.hide(), {signal, passive: true, capture: true})
  }

  leave() {
    clearTimeout(this.timer)
    this.off.abort()
  }

  /** @param {PointerEvent} event */
  moved(event) {
    clearTimeout(this.timer)
    if (event.buttons && !this.answered) this.hide() // a hand drags: nothing may disturb it
    if (event.buttons || event.pointerType !== "mouse") return
    const path = event.composedPath()
    if (this.box && !this.answered && !path.includes(this.el) && far(this.box, event)) this.hide()
    this.timer = setTimeout(() => this.rested(path, event.clientX, event.clientY), REST)
  }

  /** @param {PointerEvent} event */
  pressed(event) {
    clearTimeout(this.timer)
    const path = event.composedPath()
    if (path.includes(this.el)) return
    this.hide()
    if (event.pointerType !== "mouse") this.rested(path, event.clientX, event.clientY)
  }

  /** @param {FocusEvent} event */
  focused(event) {
    const target = event.composedPath()[0]
    if (target instanceof HTMLElement && target.dataset.term && target.matches(":focus-visible")) {
      this.show(this.labelled(target))
      this.byKeyboard = true
    }
  }

  /**
   * @param {EventTarget[]} path what the pointer rests on, and what that lies in
   * @param {number} x
   * @param {number} y
   */
  rested(path, x, y) {
    const over = path.slice(0, 4).filter((one) => one instanceof HTMLElement)
    if (path.includes(this.el) || path.some((one) => one instanceof HTMLDialogElement)) return
    const label = over.find((one) => one.matches(LABELS))
    const prose = over.find((one) => one.matches(PROSE))
    globalThis.CSS?.highlights?.delete(MARKED)
    const found = label ? this.labelled(label) : prose ? this.read(prose, x, y) : null
    const more = over.find((one) => one.dataset.more)?.dataset.more
    const rows = (label ?? prose)?.closest(".rows")?.getBoundingClientRect()
    if (found?.terms.length) this.show({...found, rows, more})
    else if (!this.answered) this.hide()
  }

  /**
   * @param {HTMLElement} label
   * @returns {Found}
   */
  labelled(label) {
    this.dress(label)
    const text = label.dataset.term ?? label.firstChild?.textContent ?? ""
    return {
      terms: this.glossary.labelled(text),
      box: (label.closest("dl > div") ?? label).getBoundingClientRect(),
      more: label.dataset.more,
      run: label.matches("dd"),
    }
  }

  /**
   * The word of a text at a point; all that are terms are underlined meanwhile, where the browser can do that without
   * touching the text.
   * @param {HTMLElement} prose
   * @param {number} x
   * @param {number} y
   * @returns {Found | null}
   */
  read(prose, x, y) {
    this.dress(prose)
    const places = [...texts(prose)].flatMap((text) =>
      this.glossary.within(text.data).map(({term, start, end}) => {
        const range = new Range()
        range.setStart(text, start)
        range.setEnd(text, end)
        return {term, range}
      })
    )
    globalThis.CSS?.highlights?.set(MARKED, new Highlight(...places.map(({range}) => range)))
    for (const {term, range} of places) {
      for (const box of range.getClientRects()) {
        if (x >= box.left && x <= box.right && y >= box.top && y <= box.bottom) return {terms: [term], box}
      }
    }
    return null
  }

  /**
   * Give the element's root the look of terms.
   * @param {HTMLElement} element
   */
  dress(element) {
    const root = element.getRootNode()
    if (root instanceof ShadowRoot && !root.adoptedStyleSheets.includes(this.sheet)) {
      root.adoptedStyleSheets.push(this.sheet)
    }
  }

  /** @param {Found} found */
  show({terms, box, rows, more, run}) {
    /** @type {HTMLElement[]} */
    const parts = terms.map(({name, words, unit, link}) =>
      h(
        "p",
        {},
        h("b", {}, capital(name), unit ? ` (${unit})` : ""),
        h("br"),
        `${words} `,
        link ? h("a", {href: link, target: "_blank", rel: "noreferrer"}, "more") : null,
      )
    )
    if (more) parts.push(h("p", {}, more))
    if (run && terms.some(({name}) => name === "silent")) {
      const ask = h("button", {type: "button"}, "Why is it silent?")
      ask.addEventListener("click", this.why)
      parts.push(ask)
    }
    this.open(parts, box, rows)
    this.answered = false
  }

  /**
   * Say why it is silent.
   * @param {string} words
   * @param {DOMRect} box beside this
   */
  answer(words, box) {
    this.open([h("p", {role: "status"}, h("b", {}, "Why is it silent?"), h("br"), words)], box)
    this.answered = true
  }

  /** What was answered holds no longer. */
  forget() {
    if (this.answered) this.hide()
  }

  /**
   * @param {Element[]} parts
   * @param {DOMRect} box
   * @param {DOMRect} [rows]
   */
  open(parts, box, rows) {
    this.el.replaceChildren(...parts)
    this.el.showPopover?.()
    this.box = box
    stand(this.el, box, rows?.right)
  }

  /** @returns {boolean} whether there was one */
  hide() {
    clearTimeout(this.timer)
    const shown = this.box != null
    if (shown) this.el.hidePopover?.()
    this.box = null
    this.byKeyboard = this.answered = false
    return shown
  }
}

/**
 * @param {Node} element
 * @returns {Generator<Text>}
 */
function* texts(element) {
  const walk = document.createTreeWalker(element, NodeFilter.SHOW_TEXT)
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    if (node instanceof Text) yield node
  }
}

/**
 * @param {DOMRect} box
 * @param {PointerEvent} event
 */
const far = ({left, right, top, bottom}, {clientX: x, clientY: y}) =>
  x < left - AWAY || x > right + AWAY || y < top - AWAY || y > bottom + AWAY

/** @param {string} text */
const capital = (text) => text[0].toUpperCase() + text.slice(1)
