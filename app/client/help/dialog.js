// The dialog behind "?": keys, tour and terms.
import {Dialog} from "../shared/dialog.js"
import {h} from "../shared/dom.js"
import {isSingle, shortcuts, singleKeys, useSingleKeys} from "../shared/keys.js"

const ORDER = "[ ] / 1 2 3 4 5 6 7 8 9 f p w Space . Ctrl+z Ctrl+Shift+z ? Escape".split(" ")

export class HelpDialog {
  /**
   * @param {import("./glossary.js").Glossary} glossary
   * @param {() => void} tour begins it
   */
  constructor(glossary, tour) {
    this.glossary = glossary
    this.keys = h("dl", {class: "keys"})
    this.single = h("input", {type: "checkbox"})
    this.search = h("input", {
      type: "text",
      role: "searchbox",
      placeholder: "Search the terms",
      "aria-label": "Search the terms",
    })
    this.terms = h("div", {class: "terms"})
    this.none = h("p", {class: "none", role: "status"})
    const again = h("button", {type: "button", class: "again"}, "Take the tour")
    const box = h("label", {class: "single"}, this.single, "Keys without Ctrl are on")
    this.frame = new Dialog(
      {key: "help", title: "Help", tools: [again]},
      h(
        "div",
        {class: "both"},
        h("section", {"aria-labelledby": "help-keys"}, h("h3", {id: "help-keys"}, "Keys"), this.keys, box),
        h(
          "section",
          {"aria-labelledby": "help-terms"},
          h("div", {class: "find"}, h("h3", {id: "help-terms"}, "Terms"), this.search),
          h(
            "div",
            {class: "scroll", tabindex: "0", role: "region", "aria-label": "List of terms"},
            this.none,
            this.terms,
          ),
        ),
      ),
      h(
        "div",
        {class: "foot"},
        "The same list is docs/glossary.md; docs/views.md describes the views, docs/somas.md the models.",
      ),
    )
    this.el = this.frame.el
    again.addEventListener("click", () => {
      this.frame.close()
      tour()
    })
    this.single.addEventListener("change", () => {
      useSingleKeys(this.single.checked)
      this.list()
    })
    this.search.addEventListener("input", () => this.find())
  }

  open() {
    if (this.frame.isOpen) return
    this.list()
    this.search.value = ""
    this.find()
    this.frame.show()
    if (!matchMedia("(pointer: coarse)").matches) this.search.focus() // a keyboard on the glass would hide the list
  }

  /** The keys that work, in the order of the keyboard that people know from other lists. */
  list() {
    const on = singleKeys()
    this.single.checked = on
    /** @param {string} key */
    const place = (key) => ORDER.includes(key) ? ORDER.indexOf(key) : ORDER.length
    /** @type {Map<string, string[]>} */
    const known = new Map()
    for (const {key, words} of shortcuts()) known.set(key, [...known.get(key) ?? [], words])
    const sorted = [...known].sort(([a], [b]) => place(a) - place(b))
    this.keys.replaceChildren(...sorted.map(([key, words]) =>
      h(
        "div",
        {class: isSingle(key) && !on ? "off" : null},
        h("dt", {}, ...key.split("+").map((part) => h("kbd", {}, part.length === 1 ? part.toUpperCase() : part))),
        h("dd", {}, words.join(". ")),
      )
    ))
  }

  find() {
    const asked = this.search.value
    const found = this.glossary.found(asked)
    this.none.textContent = found.length ? "" : `No term has “${asked}” in it.`
    const groups = asked ? [""] : [...new Set(found.map(({group}) => group))]
    this.terms.replaceChildren(...groups.flatMap((group) => {
      const own = asked ? found : found.filter((term) => term.group === group)
      return [...(group ? [h("h4", {}, group)] : []), h("dl", {}, ...own.map(entry))]
    }))
  }
}

/** @param {import("./glossary.js").Term} term */
function entry({name, words, unit, also, link}) {
  const more = link ? h("a", {href: link, target: "_blank", rel: "noreferrer"}, "more") : null
  const others = also.length ? h("span", {class: "also"}, also.join(", ")) : null
  return h("div", {}, h("dt", {}, name, unit ? h("small", {}, unit) : null, others), h("dd", {}, words, " ", more))
}
