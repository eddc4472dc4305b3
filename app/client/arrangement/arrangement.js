// The page's arrangement under the hand: the controls open and close, their edge is dragged, and chips choose what a
// phone shows. Where everything stands at which width is page.css's; this follows its word, `--arrangement`.
import {h, hostOf} from "../shared/dom.js"
import {listen, say} from "../shared/messages.js"
import {onLeave} from "../shared/seam.js"
import css from "./arrangement.css" with {type: "text"}
import {Divider} from "./divider.js"
import {Scheme} from "./scheme.js"
import {onSwipe, onTapBeside} from "./touch.js"

const PARTS = [".sidebar", ".main-content", "[aria-label='Toggle theme']"] // of the page that Panel makes
const PATIENCE = 600 // frames until these are there
const LEAST = 0.15 // of the height: a sheet that is dragged below is closed

/** @param {{model: any}} component */
export function render({model}) {
  const button = h("button", {class: "menu", type: "button"}, h("span", {"aria-hidden": "true"}, "☰"))
  const skips = h("nav", {class: "skips", "aria-label": "Shortcuts"})
  const first = h("div") // before everything else in the document, where the first press of Tab finds it
  first.attachShadow({mode: "open"}).append(h("style", {}, css), skips)
  document.body.prepend(first)
  const chips = h("nav", {class: "chips", "aria-label": "What is shown below the plots"})
  const sheet = h("div", {class: "sheet", tabindex: "0"})
  const edge = h("div", {class: "edge", tabindex: "0"})
  const el = h("div", {}, h("style", {}, css), button, edge, sheet, chips)
  /** @type {{host: HTMLElement, controls: HTMLElement, plots: HTMLElement} | null} */
  let page = null
  let arrangement = ""
  let alive = true

  const isOpen = () => page?.host.dataset.controls === "open"

  /** @param {boolean} yes */
  function open(yes) {
    if (page == null) return
    page.host.dataset.controls = yes ? "open" : "closed"
    button.setAttribute("aria-expanded", String(yes))
    button.setAttribute("aria-label", yes ? "Hide controls" : "Show controls")
    button.title = yes ? "Hide controls" : "Show controls"
    sheet.title = "Drag to resize, double click to reset"
    for (const chip of chips.children) mark(chip)
  }

  /** @param {Element} chip */
  function mark(chip) {
    chip.setAttribute("aria-pressed", String(isOpen() && chip === chosen))
  }

  /** @type {Element | null} */
  let chosen = null
  /** @type {HTMLElement | null} */
  let early = null // a chip that was pressed before there was a page to arrange

  /**
   * @param {string} text
   * @param {"values" | "tabs" | "views" | "lesson"} section
   * @param {number} [tab]
   */
  function chip(text, section, tab) {
    const made = h("button", {type: "button"}, text)
    made.addEventListener("click", () => {
      if (page == null) {
        early = made
        return
      }
      const again = chosen === made && isOpen()
      chosen = made
      page.host.dataset.section = section
      if (tab != null) say(model, {type: "tab", tab})
      open(!again)
    })
    chosen ??= made
    return made
  }
  chips.append(
    chip("Values", "values"),
    ...model.tabs.map((/** @type {string} */ text, /** @type {number} */ tab) => chip(text, "tabs", tab)),
    chip("Views", "views"),
    chip("Lesson", "lesson"),
  )
  chips.lastElementChild?.classList.add("lesson")

  /**
   * @param {string} text
   * @param {() => HTMLElement | undefined} target
   */
  function skip(text, target) {
    const made = h("a", {href: "#"}, text)
    made.addEventListener("click", (event) => {
      event.preventDefault()
      target()?.focus()
    })
    return made
  }
  skips.append(
    skip("Skip to the sliders", () => {
      open(true)
      return page?.controls
    }),
    skip("Skip to the plots", () => page?.plots),
  )

  button.addEventListener("click", () => open(!isOpen()))
  const dividers = [
    new Divider(edge, {
      name: "sidebar",
      label: "Width of the controls",
      unit: "px",
      step: 16,
      range: () => [360, Math.max(Math.min(760, innerWidth - 560), 361)],
      now: () => page?.controls.getBoundingClientRect().width ?? 0,
      at: (event) => event.clientX,
    }),
    new Divider(sheet, {
      name: "sheet",
      label: "Height of the controls",
      level: true,
      step: 0.04,
      range: () => [0.2, 0.85],
      now: () => 1 - sheet.getBoundingClientRect().top / innerHeight,
      at: (event) => 1 - (event.clientY - sheet.offsetHeight / 2) / innerHeight,
      beyond: (value) => open(value > LEAST),
    }),
  ]

  /** What stands beside the plots has a chip of its name. */
  function nameAside() {
    const one = chips.querySelector(".lesson"), name = page?.host.dataset.lesson
    if (one && name) one.textContent = name
  }

  /** Another width, or another way to hold the tablet: its own beginning. */
  function arrange() {
    if (page == null) return
    const now = getComputedStyle(page.host).getPropertyValue("--arrangement").trim()
    if (now === arrangement) return
    arrangement = now
    el.dataset.arrangement = now
    open(now !== "drawer")
    for (const divider of dividers) divider.tell()
  }

  function resized() {
    for (const divider of dividers) divider.fit()
    arrange()
  }

  function settle(left = PATIENCE) {
    if (!alive) return
    const host = hostOf(hostOf(el))
    /** @type {(of: string) => HTMLElement | null | undefined} */
    const part = (of) => host?.shadowRoot?.querySelector(of)
    const [controls, plots, toggle] = PARTS.map(part)
    if (host == null || controls == null || plots == null || toggle == null) {
      if (left > 0) requestAnimationFrame(() => settle(left - 1))
      else console.error(`The page has no ${PARTS.filter((of) => !part(of)).join(", ")} to arrange.`)
      return
    }
    page = {host, controls, plots}
    const aside = controls.closest("nav")
    aside?.setAttribute("role", "complementary")
    aside?.setAttribute("aria-label", "Controls")
    controls.tabIndex = -1
    plots.tabIndex = -1
    onSwipe(controls, (way) => {
      if ((arrangement === "drawer" && way === "left") || (arrangement === "landscape" && way === "right")) open(false)
    })
    scheme = new Scheme(() => part(".mui-dark") != null, toggle)
    onTapBeside(plots, () => arrangement === "drawer" && isOpen(), () => open(false))
    nameAside()
    arrange()
    early?.click()
  }

  /** @type {Scheme | null} */
  let scheme = null
  /**
   * Somebody else wants a section to be seen: a lesson that is opened, or a slider of which it speaks.
   * @param {Event} event
   */
  function wanted(event) {
    if (page == null) return
    nameAside()
    const section = /** @type {CustomEvent} */ (event).detail
    const one = section === "lesson" ? chips.querySelector(".lesson") : chips.firstElementChild
    if (one == null || (arrangement === "drawer" && section === "lesson")) return
    if (arrangement === "phone" || arrangement === "landscape") {
      if (chosen !== one || !isOpen()) /** @type {HTMLElement} */ (one).click()
    } else open(true)
  }

  document.addEventListener("spark:section", wanted)
  addEventListener("resize", resized)
  onLeave(model, () => {
    alive = false
    document.removeEventListener("spark:section", wanted)
    removeEventListener("resize", resized)
    scheme?.leave()
    first.remove()
  })
  settle()
  listen(model, () => {})
  return el
}
