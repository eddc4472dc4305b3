// What is laid over the plots in a classroom: the code, the wall, a poll. Sliders stay in reach beside it.
import {button} from "./parts.js"
import {deep, focused, h, put} from "../shared/dom.js"
import {onKey} from "../shared/keys.js"

const SMALL = 460 // px, beside the plots

export class Sheet {
  /** @param {(name: string) => void} closed which page it was */
  constructor(closed) {
    this.closed = closed
    this.name = ""
    this.small = false
    this.title = h("h2", {tabindex: "-1"})
    this.tools = h("div", {class: "tools"})
    this.body = h("div", {class: "inside"})
    const close = button("icon", "×", () => this.close(), "Close (Escape)")
    this.el = h(
      "section",
      {class: "sheet", popover: "manual", "aria-label": "Classroom"},
      h("header", {}, this.title, this.tools, close),
      this.body,
    )
    this.place = () => this.lay()
    this.grown = new ResizeObserver(this.place) // a bar takes two rows once it has its words
    this.off = onKey("Escape", "Classroom: close what lies over the plots", () => this.isOpen && this.close())
  }

  get isOpen() {
    return this.name !== ""
  }

  /**
   * @param {string} name
   * @param {string} title
   * @param {Element} inside
   * @param {boolean} small beside the plots, rather than over them
   */
  show(name, title, inside, small = false) {
    this.small = small
    put(this.title, title)
    this.el.classList.toggle("small", small)
    this.el.setAttribute("aria-label", title)
    if (this.body.firstElementChild !== inside) this.body.replaceChildren(inside)
    const opens = !this.isOpen
    if (opens) this.before = focused()
    this.name = name
    if (opens) {
      this.el.showPopover()
      addEventListener("resize", this.place)
      if (this.bar) this.grown.observe(this.bar)
    }
    this.lay()
    this.title.focus({preventScroll: true})
  }

  close() {
    if (!this.isOpen) return
    const {name} = this, now = focused(), held = now != null && this.el.contains(now)
    this.name = ""
    this.el.hidePopover()
    removeEventListener("resize", this.place)
    this.grown.disconnect()
    this.closed(name)
    if (held && this.before instanceof HTMLElement) this.before.focus({preventScroll: true})
  }

  /** Where the plots are, below the bar of the room. */
  lay() {
    const main = deep("main.main")?.getBoundingClientRect()
    const bar = this.bar?.getBoundingClientRect()
    if (!main) return
    const top = Math.max(bar?.bottom ?? 0, main.top)
    const width = this.small ? Math.min(SMALL, main.width) : main.width
    Object.assign(this.el.style, {
      top: `${top}px`,
      left: `${main.right - width}px`,
      width: `${width}px`,
      height: this.small ? "auto" : `${innerHeight - top}px`,
      maxHeight: `${innerHeight - top}px`,
    })
  }

  leave() {
    this.close()
    this.off()
  }

  /** @type {HTMLElement | undefined} */
  bar
  /** @type {Element | null} what has the focus again when it closes */
  before = null
}
