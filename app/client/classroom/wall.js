// The wall: every student's trace as small multiples on one time axis and one potential axis; one of them enlarged for the
// projector. What the server tells of them, `app/classroom/wall.py` says. What is said to it:
//
//   {type: "anonymous", on}       the switch, which the room keeps: it comes back as {anonymous: on}
//   {type: "enlarge", member}     asks for {large}, the trace in more columns: when one is enlarged, and when it changes
//   {type: "show", member}        to all
//   {type: "remove", member}      from the room
import {h, put} from "../shared/dom.js"
import {Enlarged} from "./enlarged.js"
import {counted, filtered, Names, sorted, SORTS} from "./order.js"
import {button, some, toggle, turn} from "./parts.js"
import {Tile} from "./tile.js"
import {path} from "./trace.js"

const NONE = new Float32Array(0)
/** @type {[number, string][]} up to so many tiles are shown in how many columns */
const FEW = [[6, "3"], [12, "4"]]

/** @typedef {import("./told.js").Told} Told */

export class Wall {
  /** @param {(said: object) => void} say to the server */
  constructor(say) {
    this.say = say
    this.names = new Names()
    /** @type {{tiles: Told[], teacher: Told | null, columns: number, duration: number, low: number, high: number}} */
    this.told = {tiles: [], teacher: null, columns: 1, duration: 1, low: 0, high: 1}
    this.data = NONE
    /** @type {Map<string, Tile>} */
    this.tiles = new Map()
    /** @type {Told[]} in the order in which they stand */
    this.shown = []
    this.by = "joined"
    this.filter = {text: "", pattern: "", own: false, changed: false}
    /** @type {{id: string, columns: number, duration: number, teacher: number | null, numbers: Float32Array} | null} */
    this.large = null
    this.member = "" // whose trace is enlarged, or was last
    this.search = h("input", {
      type: "search",
      placeholder: "Name or value",
      "aria-label": "Find a name or a changed value",
    })
    this.search.addEventListener("input", () => this.only({text: this.search.value}))
    this.pattern = h("select", {"aria-label": "Pattern"})
    this.pattern.addEventListener("change", () => this.only({pattern: this.pattern.value}))
    const sorts = Object.entries(SORTS).map(([value, words]) => h("option", {value}, `By ${words}`))
    this.sort = h("select", {"aria-label": "Order"}, ...sorts)
    this.sort.addEventListener("change", () => {
      this.by = this.sort.value
      this.draw()
    })
    this.own = toggle("Hide followers", (on) => this.only({own: on}))
    this.changed = toggle("Changed only", (on) => this.only({changed: on}))
    this.anonymous = toggle(
      "Hide names",
      (on) => say({type: "anonymous", on}),
      "Numbers in place of names, for all to see",
    )
    this.count = h("span", {class: "count", role: "status"})
    this.axes = h("p", {class: "axes"})
    this.empty = h("p", {class: "empty"})
    this.all = button("", "Show all", () => this.only({text: "", pattern: "", own: false, changed: false}))
    this.grid = h("div", {class: "grid", role: "group", "aria-label": "Students"})
    this.grid.addEventListener("keydown", (event) => this.walk(event))
    this.grid.addEventListener("focusin", ({target}) => this.stand(/** @type {Element} */ (target)))
    this.enlarged = new Enlarged({
      step: (by) => this.step(by),
      show: () => say({type: "show", member: this.member}),
      remove: () => {
        say({type: "remove", member: this.member})
        this.enlarged.dialog.close()
      },
      closed: () => this.tiles.get(this.member)?.el.focus(),
    })
    this.el = h(
      "div",
      {class: "wall"},
      h(
        "div",
        {class: "tools"},
        this.search,
        this.pattern,
        this.sort,
        this.own,
        this.changed,
        this.anonymous,
        this.count,
      ),
      this.axes,
      this.grid,
      h("div", {class: "nobody"}, this.empty, this.all),
      this.enlarged.el,
    )
    this.draw()
  }

  /**
   * @param {any} head
   * @param {ArrayBuffer | undefined} data
   * @param {number} [base] where its numbers begin
   */
  take(head, data, base = 0) {
    const numbers = () => data ? new Float32Array(data.slice(base)) : NONE
    if (head.anonymous != null) {
      this.names.anonymous = head.anonymous
      turn(this.anonymous, head.anonymous)
    }
    if (head.wall) {
      this.told = head.wall
      this.data = numbers()
      this.names.meet(this.told.tiles)
    }
    if (head.large?.columns && head.large.id === this.member) {
      this.large = {...head.large, numbers: numbers()}
    }
    if (head.wall || head.large || head.anonymous != null) this.draw()
  }

  /** @param {Partial<import("./order.js").Filter>} filter */
  only(filter) {
    Object.assign(this.filter, filter)
    if (this.search.value !== this.filter.text) this.search.value = this.filter.text
    turn(this.own, this.filter.own)
    turn(this.changed, this.filter.changed)
    this.draw()
  }

  /** @param {Told | null} tile */
  numbers(tile) {
    return tile?.offset == null ? NONE : this.data.subarray(tile.offset, tile.offset + 2 * this.told.columns)
  }

  draw() {
    const {told, names} = this, {columns, low, high} = told
    const ghost = path(this.numbers(told.teacher), {low, high, wide: columns})
    const axes = {numbers: this.data, columns, low, high, ghost}
    const there = new Set(told.tiles.map(({id}) => id))
    for (const id of this.tiles.keys()) if (!there.has(id)) this.tiles.delete(id)
    for (const tile of told.tiles) {
      let one = this.tiles.get(tile.id)
      if (one == null) this.tiles.set(tile.id, one = new Tile(() => this.enlarge(tile.id)))
      const moved = one.show(tile, names.of(tile), axes)
      if (moved && tile.id === this.member && this.enlarged.isOpen) this.ask()
    }
    this.shown = sorted(filtered(told.tiles, this.filter, names), this.by, names)
    this.grid.dataset.many = FEW.find(([most]) => this.shown.length <= most)?.[1] ?? ""
    this.place()
    this.describe()
    if (this.enlarged.isOpen) this.fill()
  }

  /** Tiles in their order. Moving one takes the focus from it. */
  place() {
    const wanted = this.shown.flatMap(({id}) => this.tiles.get(id)?.el ?? []), now = this.grid.children
    if (wanted.length === now.length && wanted.every((el, at) => el === now[at])) return
    const focus = /** @type {ShadowRoot | Document} */ (this.el.getRootNode()).activeElement
    this.grid.replaceChildren(...wanted)
    if (focus instanceof HTMLElement && this.grid.contains(focus)) focus.focus({preventScroll: true})
    if (!wanted.some((el) => el.tabIndex === 0)) this.stand(wanted[0])
  }

  describe() {
    const {told, shown, filter} = this, all = told.tiles.length
    const patterns = counted(told.tiles)
    if (filter.pattern && !patterns.some(([name]) => name === filter.pattern)) patterns.push([filter.pattern, 0])
    const options = [["", `All patterns (${all})`], ...patterns.map(([name, count]) => [name, `${name} (${count})`])]
    const now = [...this.pattern.options].map((one) => one.text)
    if (options.some(([, words], at) => words !== now[at]) || now.length !== options.length) {
      this.pattern.replaceChildren(...options.map(([value, words]) => h("option", {value}, words)))
    }
    this.pattern.value = filter.pattern
    put(this.count, shown.length === all ? some(all, "student") : `${shown.length} of ${some(all, "student")}`)
    const range = `${Math.round(told.low)} to ${Math.round(told.high)} mV`.replaceAll("-", "−")
    const yours = told.teacher?.offset == null ? "" : ", your own trace in grey"
    put(this.axes, all ? `In every tile: 0 to ${told.duration} ms, ${range}${yours}.` : "")
    put(this.empty, all === 0 ? "Nobody has joined yet." : shown.length ? "" : "No student is like that.")
    this.all.hidden = all === 0 || shown.length > 0
  }

  /** @param {string} id */
  enlarge(id) {
    const tile = this.tiles.get(id)
    if (tile == null) return
    this.member = id
    this.stand(tile.el)
    this.enlarged.open(tile.el)
    this.ask()
    this.fill()
  }

  /** Until it is there, the few columns of the tile are shown. */
  ask() {
    this.large = null
    this.say({type: "enlarge", member: this.member})
  }

  fill() {
    const {told, member} = this, tile = told.tiles.find(({id}) => id === member)
    if (tile == null) return this.enlarged.dialog.close()
    const at = this.shown.indexOf(tile),
      large = tile.offset == null ? null : this.large,
      size = 2 * (large?.columns ?? 0)
    const numbers = large?.numbers.subarray(0, size) ?? this.numbers(tile), duration = large?.duration ?? told.duration
    const teacher = large?.teacher == null ? null : {numbers: large.numbers.subarray(size), duration: large.teacher}
    const known = numbers.filter(Number.isFinite)
    this.enlarged.take({
      tile,
      name: this.names.of(tile),
      place: at < 0 ? "" : `${at + 1} of ${this.shown.length}`,
      numbers,
      duration,
      teacher,
      low: known.reduce((least, one) => Math.min(least, one), told.low),
      high: known.reduce((most, one) => Math.max(most, one), told.high),
    })
  }

  /** @param {number} by */
  step(by) {
    const at = this.shown.findIndex(({id}) => id === this.member), count = this.shown.length
    if (count) this.enlarge(this.shown[at < 0 ? 0 : (at + by + count) % count].id)
  }

  /** The tile that Tab comes to. @param {Element | undefined} tile */
  stand(tile) {
    for (const one of this.grid.children) set(one, one === tile)
  }

  /** Arrow keys among the tiles. @param {KeyboardEvent} event */
  walk(event) {
    const all = /** @type {HTMLElement[]} */ ([...this.grid.children])
    const at = all.findIndex((one) => one === event.target), top = all[0]?.offsetTop
    const wide = all.findIndex((one) => one.offsetTop !== top)
    const row = wide < 0 ? all.length : wide
    const by = {ArrowLeft: -1, ArrowRight: 1, ArrowUp: -row, ArrowDown: row, Home: -at, End: all.length - 1 - at}
    const to = all[at + (by[/** @type {keyof typeof by} */ (event.key)] ?? NaN)]
    if (at < 0 || to == null || event.altKey || event.ctrlKey || event.metaKey) return
    event.preventDefault()
    to.focus()
  }
}

/** @param {Element} tile @param {boolean} yes */
const set = (tile, yes) => tile.setAttribute("tabindex", yes ? "0" : "-1")
