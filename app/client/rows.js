// A group of parameter rows: one component instance for a whole panel. No libraries, no network. `strips.js` stands before.
const h = (tag, attrs = {}, ...kids) => {
  const e = document.createElement(tag)
  for (const [k, v] of Object.entries(attrs)) {
    if (v == null || v === false) { continue }
    if (k === "class") { e.className = v } else { e.setAttribute(k, v === true ? "" : v) }
  }
  e.append(...kids.filter((x) => x != null))
  return e
}

// "tau_m" parts are set as a symbol with a subscript; text only, never HTML
function symbol(text) {
  if (!text) { return null }
  const [base, ...sub] = text.split("_")
  return h("span", {class: "sym"}, base, sub.length ? h("sub", {}, sub.join("_")) : null)
}

const STEPS = 1000
const GAP = 20   // ms between messages while dragging, then the next animation frame: a picture takes as long
const clamp = (v, a, b) => Math.min(b, Math.max(a, v))

const digits = (v) => (Math.abs(v) < 1 ? 4 : 5)

function fmt(v) {
  if (v === 0) { return "0" }
  const a = Math.abs(v)
  const s = (a >= 1e6 || a < 1e-4) ? v.toExponential(3).replace(/\.?0+e/, "e") : String(Number(v.toPrecision(digits(v))))
  return s.replace("-", "\u2212")
}

// "12.5", "12,5", "1e-3", "−70" (typographic minus); null when it is not a number
function parse(text) {
  const t = text.trim().replace(/[\u2212\u2013]/g, "-").replace(",", ".")
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(t) ? Number(t) : null
}

// A check, a choice or a text: one control, the same reset and error as a slider row.
class Plain {
  constructor(group, spec) {
    this.group = group
    this.spec = spec
    const {key, kind, name, doc, options} = spec
    const id = `r-${key}`
    this.mark = h("span", {class: "mark", "aria-hidden": "true"})
    this.label = h("label", {for: id, class: "label", title: doc}, h("span", {class: "name"}, name), symbol(spec.symbol))
    this.control = kind === "choice" ? h("select", {id, class: "box wide"}, ...options.map(([value, text]) => h("option", {value}, text)))
      : kind === "check" ? h("input", {type: "checkbox", id})
      : h("input", {type: "text", id, class: "box wide", spellcheck: "false", autocomplete: "off"})
    this.control.setAttribute("aria-describedby", `${id}-e`)
    this.reset = h("button", {type: "button", class: "reset", title: "Reset", "aria-label": `Reset ${name}`}, "\u21ba")
    this.err = h("div", {id: `${id}-e`, class: "err", role: "alert"})
    this.el = h("div", {class: `row plain ${kind}`, "data-key": key}, this.mark, this.label, this.control, this.reset, this.err)
    this.control.addEventListener("change", () => this.set(kind === "check" ? this.control.checked : this.control.value))
    this.reset.addEventListener("click", () => { this.set(spec.default); this.control.focus() })
    this.show(spec.value)
  }

  set(v) {
    this.error("")
    this.show(v)
    this.group.send(this.spec.key, v, "commit")
  }

  error(text) {
    this.err.textContent = text
    this.el.classList.toggle("bad", text !== "")
  }

  show(v) {
    this.value = v
    if (this.spec.kind === "check") { this.control.checked = v } else { this.control.value = v }
    this.el.classList.toggle("changed", v !== this.spec.default)
  }
}

class Row {
  constructor(group, spec) {
    this.group = group
    this.spec = spec
    const {key, name, unit, doc} = spec
    const id = `r-${key}`
    const spoken = `${name}${unit ? ` in ${unit}` : ""}`
    this.mark = h("span", {class: "mark", "aria-hidden": "true"})
    this.label = h("label", {for: `${id}-s`, class: "label"},
      h("span", {class: "name"}, name), symbol(spec.symbol))
    this.range = h("input", {type: "range", id: `${id}-s`, min: 0, max: STEPS, step: "any",
      "aria-label": spoken, "aria-describedby": `${id}-d ${id}-f`})
    this.box = h("input", {type: "text", inputmode: "decimal", id: `${id}-n`, class: "box", spellcheck: "false",
      autocomplete: "off", "aria-label": `${spoken}, typed`, "aria-describedby": `${id}-e`})
    this.unit = h("span", {class: "unit", "aria-hidden": "true"}, unit ?? "")
    this.reset = h("button", {type: "button", class: "reset", title: `Reset to ${fmt(spec.default)} ${unit ?? ""}`,
      "aria-label": `Reset ${name} to ${fmt(spec.default)} ${unit ?? ""}`}, "\u21ba")
    this.doc = h("span", {id: `${id}-d`, class: "vh"}, doc ?? "")
    this.err = h("div", {id: `${id}-e`, class: "err", role: "alert"})
    this.strip = new Strip(this, `${id}-f`)
    this.el = h("div", {class: "row", "data-key": key},
      this.mark, this.label, this.strip.el, this.range, this.box, this.unit, this.strip.hint, this.reset, this.doc, this.strip.told, this.err)

    this.range.addEventListener("pointerdown", () => { this.dragging = true })
    this.range.addEventListener("input", () => this.set(this.at(Number(this.range.value)), "drag", this.range))
    this.range.addEventListener("change", () => { this.dragging = false; this.set(this.value, "commit", this.range) })
    for (const ev of ["pointerup", "pointercancel", "blur"]) {
      this.range.addEventListener(ev, () => { this.dragging = false })
    }
    this.range.addEventListener("keydown", (e) => this.key(e, this.range))
    this.range.addEventListener("dblclick", () => this.set(spec.default, "commit", null))
    this.label.addEventListener("dblclick", (e) => { e.preventDefault(); this.set(spec.default, "commit", null) })
    this.reset.addEventListener("click", () => { this.set(spec.default, "commit", null); this.range.focus() })
    this.box.addEventListener("keydown", (e) => {
      if (e.key === "Enter") { this.typed() } else if (e.key === "Escape") { this.show(this.value) } else { this.key(e, this.box) }
    })
    this.box.addEventListener("change", () => this.typed())
    this.box.addEventListener("focus", () => this.box.select())
    const tip = () => group.tip(this)
    this.label.addEventListener("pointerenter", (e) => { if (e.pointerType === "mouse") { group.tip(this, 350) } })
    this.label.addEventListener("pointerleave", () => group.tip(null))
    this.label.addEventListener("click", (e) => { if (matchMedia("(pointer: coarse)").matches) { e.preventDefault(); tip() } })
    this.range.addEventListener("focus", () => { if (this.range.matches(":focus-visible") && group.keyboard) { group.tip(this, 350) } })
    this.range.addEventListener("blur", () => group.tip(null))
    this.strip.hint.addEventListener("pointerenter", (e) => { if (e.pointerType === "mouse") { group.tip(this, 200, this.strip.hint) } })
    this.strip.hint.addEventListener("pointerleave", () => group.tip(null))
    this.own = {min: spec.min, max: spec.max, log: spec.log}
    this.show(spec.value)
  }

  position(v) {
    const {min, max, log} = this.spec
    const p = log ? Math.log(Math.max(v, min) / min) / Math.log(max / min) : (v - min) / (max - min)
    return clamp(p, 0, 1) * STEPS
  }

  at(pos) {
    const {min, max, log, step} = this.spec
    if (pos <= 0) { return min }
    if (pos >= STEPS) { return max }
    const p = pos / STEPS
    return log ? this.whole(clamp(Number((min * (max / min) ** p).toPrecision(3)), min, max)) : this.snap(min + p * (max - min), step)
  }

  whole(v) { return this.spec.integer ? Math.round(v) : v }

  // the slider's own range, or wider when a preset or a typed value lies outside
  widen(v) {
    if (v < this.spec.min || v > this.spec.max) {
      this.spec.min = Math.min(this.spec.min, v)
      this.spec.max = Math.max(this.spec.max, v)
      if (this.spec.min <= 0) { this.spec.log = false }
      this.strip.draw()
    }
  }

  snap(v, step) {
    const {min, max} = this.spec
    return clamp(Number((Math.round(v / step) * step).toPrecision(12)), min, max)
  }

  key(e, from) {
    const {min, max, log, step} = this.spec
    const n = {ArrowUp: 1, ArrowRight: 1, ArrowDown: -1, ArrowLeft: -1, PageUp: 10, PageDown: -10}[e.key]
    if (from === this.box && /Arrow(Left|Right)|Home|End/.test(e.key)) { return }
    if (n == null && e.key !== "Home" && e.key !== "End") { return }
    e.preventDefault()
    const k = e.shiftKey && n != null ? n * 10 : n
    let v = e.key === "Home" ? min : e.key === "End" ? max : log
      ? this.whole(clamp(Number((this.value * 1.02 ** k).toPrecision(3)), min, max)) : this.snap(this.value + k * step, step)
    if (log && v === this.value && k) {
      const least = this.spec.integer ? 1 : 10 ** (Math.floor(Math.log10(this.value)) - 2)
      v = clamp(this.value + Math.sign(k) * least, min, max)
    }
    this.set(v, "drag", null)
  }

  typed() {
    const v = parse(this.box.value)
    const {unit, integer} = this.spec
    if (v != null && v === Number(this.value.toPrecision(digits(this.value)))) { this.error(""); this.show(this.value); return }
    if (v == null || (integer && !Number.isInteger(v))) {
      const kind = integer ? "whole number" : "number"
      const wrong = this.box.value.trim() ? `\u201c${this.box.value}\u201d is not a ${kind}` : `A ${kind} is missing`
      return this.error(`${wrong}. Type for example ${fmt(this.spec.default)}${unit ? ` (in ${unit})` : ""}.`)
    }
    this.set(v, "commit", null)   // the server knows the bounds, and answers with an error if need be
  }

  error(text) {
    this.err.textContent = text
    this.el.classList.toggle("bad", text !== "")
    if (text) { Object.assign(this.spec, this.own); this.strip.draw() }   // what was refused does not widen the slider
    this.box.setAttribute("aria-invalid", text !== "")
  }

  set(v, phase, from) {
    this.error("")
    const same = v === this.value
    this.show(v, from)
    if (!same || phase === "commit") { this.group.send(this.spec.key, v, phase) }
  }

  show(v, from = null) {
    this.value = v
    this.widen(v)
    const {unit} = this.spec
    if (from !== this.range) { this.range.value = this.position(v) }
    this.range.style.setProperty("--at", `${this.position(v) / STEPS * 100}%`)
    this.range.setAttribute("aria-valuetext", `${fmt(v)} ${unit ?? ""}`.trim())
    this.box.value = fmt(v)
    this.el.classList.toggle("changed", v !== this.spec.default)
  }
}

const CSS = `
:host { display: block; }
.rows { font: 13px/1.2 var(--bokeh-base-font, Roboto, system-ui, sans-serif); color: var(--panel-on-surface-color, #222);
  --accent: var(--panel-primary-color, #0072b5); --line: var(--border-color, rgba(128,128,128,.4)); }
.head { display: flex; align-items: center; height: 22px; margin-top: 4px; font-weight: 600; font-size: 12px;
  letter-spacing: .02em; border-bottom: 1px solid var(--line); }
.head button { margin-left: auto; }
.row { display: grid; grid-template-columns: 6px minmax(96px, 1.75fr) minmax(80px, 1fr) 62px 42px 18px; column-gap: 5px;
  align-items: center; min-height: 26px; position: relative; }
.mark { width: 6px; height: 6px; border-radius: 3px; }
.changed .mark { background: #D55E00; }
.changed .name { font-weight: 600; }
.label { display: flex; align-items: baseline; white-space: nowrap; min-width: 0; cursor: help; }
.name { overflow: hidden; text-overflow: ellipsis; min-width: 0; }
.sym { flex: none; padding-right: 2px; font-family: Georgia, "Times New Roman", serif; font-style: italic; margin-left: .35em; opacity: .85; }
sub { font-size: .75em; line-height: 0; }
.unit { opacity: .75; font-size: 12px; white-space: nowrap; }
.box { width: 100%; box-sizing: border-box; height: 22px; padding: 0 4px; text-align: right; font: inherit; font-variant-numeric: tabular-nums;
  color: inherit; background: transparent; border: 1px solid var(--line); border-radius: 4px; }
button { font: inherit; color: inherit; background: none; border: 0; padding: 0; cursor: pointer; border-radius: 4px; }
.reset { width: 20px; height: 22px; visibility: hidden; font-size: 15px; line-height: 1; }
.changed .reset { visibility: visible; }
.err { grid-column: 2 / -1; color: var(--danger-bg-color, #d32f2f); font-size: 12px; padding: 1px 0 4px; }
.err:empty { display: none; }
.bad .box { border-color: var(--danger-bg-color, #d32f2f); }
.plain { grid-template-columns: 6px minmax(96px, 1.62fr) minmax(182px, 1.62fr) 18px; }
.wide { text-align: left; }
select.box option { color: #222; background: #fff; }
input[type=checkbox] { width: 16px; height: 16px; margin: 0; accent-color: var(--accent); }
.remove { width: 22px; height: 20px; font-size: 16px; line-height: 1; }
.vh { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
input[type=range] { appearance: none; -webkit-appearance: none; width: 100%; height: 22px; margin: 0; background: transparent;
  cursor: pointer; touch-action: pan-y; border-radius: 4px; }
input[type=range]::-webkit-slider-runnable-track { height: 4px; border-radius: 2px;
  background: linear-gradient(to right, var(--accent) var(--at), var(--line) var(--at)); }
input[type=range]::-moz-range-track { height: 4px; border-radius: 2px; background: var(--line); }
input[type=range]::-moz-range-progress { height: 4px; border-radius: 2px; background: var(--accent); }
input[type=range]::-webkit-slider-thumb { -webkit-appearance: none; width: 14px; height: 14px; margin-top: -5px; border-radius: 50%; background: var(--accent); border: 0; }
input[type=range]::-moz-range-thumb { width: 14px; height: 14px; border-radius: 50%; background: var(--accent); border: 0; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }
.tip { margin: 0; padding: 6px 9px; max-width: 300px; border: 1px solid var(--line); border-radius: 6px; font-size: 12.5px; line-height: 1.35;
  color: var(--panel-on-surface-color, #222); background: var(--panel-surface-color, #fff); box-shadow: 0 2px 10px rgba(0,0,0,.3); position: fixed; inset: auto; }
@media (pointer: coarse) { .row { min-height: 40px; } .box, input[type=range], .reset { height: 36px; } .reset { width: 28px; }
  .row { grid-template-columns: 6px minmax(80px, 1fr) minmax(80px, 1.2fr) 58px 28px 28px; }
  input[type=range]::-webkit-slider-thumb { width: 22px; height: 22px; margin-top: -9px; } }
`

export function render({model}) {
  const rows = new Map()
  const pending = new Map()
  let frame = 0
  const group = {
    keyboard: false,
    send(key, value, phase) {
      pending.set(key, [value, phase])        // the newest value of a frame replaces older ones
      if (frame) { return }
      flush()                                  // first of a frame at once, the rest of it with the next
      frame = setTimeout(() => requestAnimationFrame(next), GAP)
    },
    tip(row, delay = 0, over = row?.label) {
      clearTimeout(this.timer)
      if (row == null || !(over === row.label ? row.spec.doc : row.strip?.told.textContent)) { tip.hidePopover?.(); return }
      this.timer = setTimeout(() => {
        if (!row.el.isConnected) { return }
        const {unit, min, max} = row.spec
        const name = row.spec.name[0].toUpperCase() + row.spec.name.slice(1)
        const doc = `${name}. ${row.spec.doc} Slider ${fmt(min)} to ${fmt(max)}${unit ? ` ${unit}` : ""}; default ${fmt(row.spec.default)}${unit ? ` ${unit}` : ""}.`
        tip.replaceChildren(...[over === row.label ? doc : "", row.strip?.told.textContent].filter(Boolean).map((text) => h("div", {}, text)))
        tip.showPopover?.()
        const r = over.getBoundingClientRect()
        const t = tip.getBoundingClientRect()
        tip.style.left = `${clamp(r.left, 4, innerWidth - t.width - 4)}px`
        tip.style.top = `${r.bottom + t.height + 8 < innerHeight ? r.bottom + 4 : r.top - t.height - 4}px`
      }, delay)
    },
  }
  let alive = true
  function next() {
    frame = 0
    if (!alive || !pending.size) { return }
    flush()
    frame = setTimeout(() => requestAnimationFrame(next), GAP)
  }
  function flush() {
    const sets = {}
    let phase = "drag"
    for (const [k, [v, p]] of pending) { sets[k] = v; if (p === "commit") { phase = p } }
    pending.clear()
    say(model, {type: "set", generation, values: sets, final: phase === "commit"})
  }

  const tip = h("div", {class: "tip", popover: "manual", role: "tooltip"})
  const body = h("div", {})
  const key = h("div", {class: "key"})
  const root = h("div", {class: `rows${model.foresight ? " seen" : ""}`}, h("style", {}, CSS, STRIPS), body, key, tip)
  root.addEventListener("keydown", () => { group.keyboard = true }, true)
  root.addEventListener("pointerdown", () => { group.keyboard = false }, true)
  root.addEventListener("keydown", (e) => { if (e.key === "Escape") { group.tip(null) } })

  let generation = window.sparkChannel ? -1 : 0   // in a tab that is shown late what it began with is no longer true
  function build(specs) {
    pending.clear()
    rows.clear()
    body.replaceChildren()
    let last = null
    let box = body
    for (const spec of specs) {
      if (spec.group !== last) {
        last = spec.group
        const gid = `g-${rows.size}`
        const head = h("div", {class: "head", id: gid}, spec.title ?? spec.group ?? "")
        if (spec.part != null) {
          const remove = h("button", {type: "button", class: "remove", title: "Remove this stimulus", "aria-label": `Remove ${spec.title}`}, "\u00d7")
          remove.addEventListener("click", () => say(model, {type: "remove", generation, part: spec.part}))
          head.append(remove)
        }
        box = spec.group ? h("div", {role: "group", "aria-labelledby": gid}, head) : h("div")
        body.append(box)
      }
      const row = new (spec.kind === "slider" ? Row : Plain)(group, spec)
      rows.set(spec.key, row)
      box.append(row.el)
    }
  }
  if (generation === 0) { build(model.first) }
  function take(head, buffer, base) {
    generation = head.generation ?? generation
    if (head.rows) { build(head.rows) }
    for (const [k, v] of Object.entries(head.values ?? {})) {
      const row = rows.get(k)
      if (row && !row.dragging) { row.error(""); row.show(v) }
    }
    for (const [k, v] of Object.entries(head.errors ?? {})) { rows.get(k)?.error(v) }
    if ("foresight" in head) { foresee(root, key, rows, head.foresight, buffer, base) }
    if ("doubt" in head) { for (const [k, row] of rows) { row.strip?.doubt(head.doubt, head.doubt && k !== head.keep) } }
  }
  model.on("remove", () => { clearTimeout(group.timer); clearTimeout(frame); alive = false })
  listen(model, take, () => say(model, {type: "ready", generation}))
  return root
}
