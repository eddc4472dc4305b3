// Foresight of a slider: a strip in its track's place, in the colours of what happens along it, and a hint beside it.
const node = (tag, name, ...kids) => {
  const e = document.createElement(tag)
  e.className = name
  e.append(...kids)
  return e
}
const WIDE = 512   // pixels of a strip's picture, stretched over the track

class Strip {
  constructor(row, id) {
    this.row = row
    this.canvas = node("canvas", "")
    this.canvas.width = WIDE
    this.canvas.height = 1
    this.marks = node("span", "marks")
    this.el = node("span", "strip-of", this.canvas, this.marks)
    this.el.setAttribute("aria-hidden", "true")
    this.hint = node("span", "hint")
    this.hint.setAttribute("aria-hidden", "true")
    this.told = node("span", "vh")
    this.told.id = id
  }

  // found: span [low, high, log], fires, along, hint, step; null when nothing is known
  take(found, colours, note) {
    this.found = found
    this.colours = colours
    this.row.el.classList.toggle("foreseen", found != null)
    this.hint.textContent = found?.hint ?? ""
    this.hint.classList.toggle("none", found?.hint === "\u2013")
    this.told.textContent = [found?.along, found?.step, note].filter(Boolean).join(" ")
    this.draw()
  }

  doubt(hint, strip) {
    this.hint.classList.toggle("old", hint)
    this.el.classList.toggle("old", strip)
  }

  // Each point has the part of the slider that is nearer to it than to its neighbours, wherever the slider shows it now.
  draw() {
    const {found, colours, row} = this
    if (!found) { return }
    const [low, high, log] = found.span
    const count = colours.length / 4
    const share = (v) => row.position(v) / STEPS
    const value = (k) => (log ? low * (high / low) ** (k / (count - 1)) : low + (high - low) * k / (count - 1))
    const edge = (k) => WIDE * (k <= 0 ? share(low) : k >= count ? share(high) : (share(value(k - 1)) + share(value(k))) / 2)
    const pen = this.canvas.getContext("2d")
    pen.clearRect(0, 0, WIDE, 1)
    for (let k = 0; k < count; k++) {
      pen.fillStyle = `rgba(${colours[4 * k]},${colours[4 * k + 1]},${colours[4 * k + 2]},${colours[4 * k + 3] / 255})`
      pen.fillRect(Math.round(edge(k)), 0, Math.round(edge(k + 1)) - Math.round(edge(k)), 1)
    }
    const mark = (kind, v) => {
      const e = node("i", kind)
      e.style.left = `${100 * share(v)}%`
      return e
    }
    this.marks.replaceChildren(mark("usual", row.spec.default), ...found.fires.map((v) => mark("fires", v)))
  }
}

// What is foreseen for all rows: null switches it off, and an empty object says that nothing is known yet.
function foresee(root, key, rows, found, buffer, base) {
  root.classList.toggle("seen", found != null)
  const tracks = found?.tracks ?? {}
  const size = 4 * (found?.count ?? 0)
  const at = new Map(Object.keys(tracks).map((k, i) => [k, i]))
  for (const [k, row] of rows) {
    const place = at.get(k)
    row.strip?.take(tracks[k] ?? null, place == null ? null : new Uint8Array(buffer, base + place * size, size).slice(), found?.note)
  }
  key.replaceChildren(...(found?.key ?? []).map(([name, slow, fast]) => {
    const swatch = node("i", "")
    swatch.style.background = name === "impossible" ? `repeating-linear-gradient(90deg, ${slow} 0 2px, ${fast} 2px 4px)`
      : `linear-gradient(90deg, ${slow}, ${fast})`
    return node("span", "", swatch, name)
  }))
  key.title = "Colours of the sliders: what would happen there with everything else as it is. Fuller colours: higher rates, up to 200 Hz. "
    + "Grey with a rate: transient. Bursting includes an initial burst, irregular an accelerating train. "
    + "A line marks where firing begins or ends, a small triangle the default value."
}

const STRIPS = `
.rows { --half: 7px; --paper: var(--panel-surface-color, #fff); }
.strip-of, .hint { display: none; }
.seen .row:not(.plain) { grid-template-columns: 6px minmax(90px, 1fr) 88px 56px 37px 52px 18px; column-gap: 4px; }
.seen .row:not(.plain) > input[type=range] { grid-area: 1 / 3; z-index: 1; }
.seen .hint { display: block; font-size: 11.5px; white-space: nowrap; text-align: right; font-variant-numeric: tabular-nums; cursor: help; }
.hint.none { opacity: .55; }
.seen .foreseen .strip-of { display: block; grid-area: 1 / 3; height: 22px; position: relative; margin: 0 var(--half); }
.strip-of canvas { position: absolute; inset: 7px 0 auto 0; width: 100%; height: 8px; border-radius: 2px; image-rendering: pixelated; }
.strip-of.old, .hint.old { opacity: .3; }
.marks i { position: absolute; pointer-events: none; }
.marks .fires { width: 2px; height: 16px; top: 3px; margin-left: -1px; background: currentColor; }
.marks .usual { top: 17px; margin-left: -3px; border: 3px solid transparent; border-top: 0; border-bottom: 4px solid currentColor; opacity: .8; }
.seen .foreseen input[type=range]::-webkit-slider-runnable-track { background: transparent; }
.seen .foreseen input[type=range]::-moz-range-track, .seen .foreseen input[type=range]::-moz-range-progress { background: transparent; }
.seen .foreseen input[type=range]::-webkit-slider-thumb { border: 2px solid var(--paper); box-sizing: border-box; box-shadow: 0 0 0 1px currentColor; }
.seen .foreseen input[type=range]::-moz-range-thumb { border: 2px solid var(--paper); box-sizing: border-box; box-shadow: 0 0 0 1px currentColor; }
.key { display: none; justify-content: space-between; gap: 2px 7px; padding: 5px 0 1px; font-size: 10.5px; line-height: 12px; white-space: nowrap; cursor: help; }
.seen .key:not(:empty) { display: flex; }
.key i { display: inline-block; width: 12px; height: 8px; border-radius: 2px; margin-right: 3px; }
.tip div + div { margin-top: 4px; }
@media (pointer: coarse) { .rows { --half: 11px; }
  .seen .row:not(.plain) { grid-template-columns: 6px minmax(70px, 1fr) minmax(80px, 1.2fr) 54px 28px 52px 28px; }
  .seen .foreseen .strip-of { height: 36px; } .strip-of canvas { top: 14px; } .marks .fires { top: 10px; } .marks .usual { top: 24px; } }
`
