// A view's summary in words, and its controls.
const CSS = `
:host { display: block; }
.why { font: 13px/1.35 var(--bokeh-base-font, Roboto, system-ui, sans-serif); color: var(--panel-on-surface-color, #222);
  padding: 6px 14px 4px; box-sizing: border-box; }
.bar { display: flex; flex-wrap: wrap; align-items: center; gap: 6px 8px; min-height: 28px; }
h2 { font-size: 14px; font-weight: 600; margin: 0 auto 0 0; }
p { margin: 3px 0 0; height: 53px; overflow: auto; font-size: 13px; }
button, select { font: inherit; font-size: 12.5px; height: 26px; color: inherit; background: transparent; border-radius: 5px; cursor: pointer;
  border: 1px solid var(--border-color, rgba(128,128,128,.5)); padding: 0 8px; max-width: 190px; }
select option { color: #222; background: #fff; }
button[aria-pressed=true] { background: var(--panel-primary-color, #0072b5); color: var(--panel-on-primary-color, #fff); border-color: transparent; }
button:disabled { opacity: .45; cursor: default; }
label { display: inline-flex; align-items: center; gap: 4px; font-size: 12px; }
:focus-visible { outline: 2px solid var(--panel-primary-color, #0072b5); outline-offset: 1px; }
.table { height: 88px; overflow: auto; margin-top: 3px; }
table { border-collapse: collapse; width: 100%; font-size: 12px; line-height: 18px; font-variant-numeric: tabular-nums; }
caption { text-align: left; font-size: 12px; opacity: .8; }
th { font-weight: 500; text-align: left; }
th[scope=col] { font-size: 11px; opacity: .75; line-height: 14px; }
th, td { padding: 0 10px 0 0; }
td { line-height: 15px; }
td.number { white-space: nowrap; }
.table sub { font-size: .75em; line-height: 0; }
.busy { opacity: .75; font-style: italic; }
`

export function render({model}) {
  const root = document.createElement("section")
  root.innerHTML = `<style>${CSS}</style><div class="why"><div class="bar"></div><p aria-live="polite"></p><div class="table" tabindex="0" role="region" aria-label="Differences" hidden></div></div>`
  const bar = root.querySelector(".bar")
  const words = root.querySelector("p")
  const table = root.querySelector(".table")
  const state = {...model.first}
  const controls = new Map()

  function control(spec) {
    const {key, kind, label, options, title} = spec
    const tell = (value) => say(model, {type: "control", key, value})
    if (kind === "choice") {
      const box = document.createElement("select")
      box.setAttribute("aria-label", label)
      const wrap = document.createElement("label")
      wrap.append(label, box)
      const fill = (all) => {   // what is chosen stays so
        const chosen = box.value
        box.replaceChildren(...all.map(([value, text]) => new Option(text, value)))
        box.value = chosen
      }
      fill(options)
      box.addEventListener("change", () => tell(box.value))
      return {element: wrap, show: (value) => { box.value = value }, fill}
    }
    const button = document.createElement("button")
    button.type = "button"
    button.textContent = label
    if (title) { button.title = title }
    let on = false
    const show = (value) => { on = Boolean(value); if (kind === "toggle") { button.setAttribute("aria-pressed", String(on)) } }
    button.addEventListener("click", () => { if (kind === "toggle") { show(!on) } tell(kind === "toggle" ? on : true) })
    return {element: button, show, enable: (yes) => { button.disabled = !yes }}
  }

  function build() {
    const heading = document.createElement("h2")
    heading.textContent = state.title ?? ""
    controls.clear()
    for (const spec of state.controls ?? []) {
      const made = control(spec)
      made.show(spec.value)
      controls.set(spec.key, made)
    }
    bar.replaceChildren(heading, ...[...controls.values()].map((one) => one.element))
  }

  const cell = (tag, text, scope) => {   // a symbol is "tau_m": text only, never HTML
    const made = document.createElement(tag)
    const [base, ...sub] = scope === "row" ? text.split("_") : [text]
    made.append(base)
    if (scope) { made.scope = scope }
    made.classList.toggle("number", /\d/.test(text))  // with its unit in one line; words may take several
    if (sub.length) { made.append(Object.assign(document.createElement("sub"), {textContent: sub.join("_")})) }
    return made
  }

  // {caption, head: [text, ...], rows: [[text, ...], ...]}, the first of each row its heading; null: no table
  function tabulate(rows) {
    table.hidden = rows == null
    if (rows == null) { return }
    const made = document.createElement("table")
    made.createCaption().textContent = rows.caption
    if (rows.rows.length) {
      made.createTHead().insertRow().append(...rows.head.map((text) => cell("th", text, "col")))
      const body = made.createTBody()
      for (const [first, ...rest] of rows.rows) {
        body.insertRow().append(cell("th", first, "row"), ...rest.map((text) => cell("td", text)))
      }
    }
    table.replaceChildren(made)
  }

  function take(head) {
    Object.assign(state, head)
    if (head.controls || head.title) { build() }
    for (const [key, all] of Object.entries(head.options ?? {})) { controls.get(key)?.fill(all) }
    for (const [key, yes] of Object.entries(head.enabled ?? {})) { controls.get(key)?.enable?.(yes) }
    if ("rows" in head) { tabulate(head.rows) }
    for (const [key, value] of Object.entries(head.values ?? {})) { controls.get(key)?.show(value) }
    const text = state.busy || state.words || ""
    if (words.textContent !== text) { words.textContent = text }
    words.classList.toggle("busy", Boolean(state.busy))
  }
  build()
  take({})
  listen(model, take)
  return root
}
