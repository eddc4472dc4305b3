// A view's summary in words, and its controls.
const CSS = `
:host { display: block; }
.why { font: 13px/1.35 var(--bokeh-base-font, Roboto, system-ui, sans-serif); color: var(--panel-on-surface-color, #222);
  padding: 6px 14px 4px; box-sizing: border-box; }
.bar { display: flex; flex-wrap: wrap; align-items: center; gap: 6px 8px; min-height: 28px; }
h2 { font-size: 14px; font-weight: 600; margin: 0 auto 0 0; }
p { margin: 3px 0 0; min-height: 35px; max-height: 53px; overflow: auto; font-size: 13px; }
button, select { font: inherit; font-size: 12.5px; height: 26px; color: inherit; background: transparent; border-radius: 5px; cursor: pointer;
  border: 1px solid var(--border-color, rgba(128,128,128,.5)); padding: 0 8px; max-width: 190px; }
select option { color: #222; background: #fff; }
button[aria-pressed=true] { background: var(--panel-primary-color, #0072b5); color: var(--panel-on-primary-color, #fff); border-color: transparent; }
button:disabled { opacity: .45; cursor: default; }
label { display: inline-flex; align-items: center; gap: 4px; font-size: 12px; }
:focus-visible { outline: 2px solid var(--panel-primary-color, #0072b5); outline-offset: 1px; }
.busy { opacity: .75; font-style: italic; }
`

export function render({model}) {
  const root = document.createElement("section")
  root.innerHTML = `<style>${CSS}</style><div class="why"><div class="bar"></div><p aria-live="polite"></p></div>`
  const bar = root.querySelector(".bar")
  const words = root.querySelector("p")
  const state = {...model.first}
  const controls = new Map()

  function control(spec) {
    const {key, kind, label, options, title} = spec
    const say = (value) => window.sparkSay(model.address, {type: "control", key, value})
    if (kind === "choice") {
      const box = document.createElement("select")
      box.setAttribute("aria-label", label)
      const wrap = document.createElement("label")
      wrap.append(label, box)
      const fill = (all) => box.replaceChildren(...all.map(([value, text]) => new Option(text, value)))
      fill(options)
      box.addEventListener("change", () => say(box.value))
      return {element: wrap, show: (value) => { box.value = value }, fill}
    }
    const button = document.createElement("button")
    button.type = "button"
    button.textContent = label
    if (title) { button.title = title }
    let on = false
    const show = (value) => { on = Boolean(value); if (kind === "toggle") { button.setAttribute("aria-pressed", String(on)) } }
    button.addEventListener("click", () => { if (kind === "toggle") { show(!on) } say(kind === "toggle" ? on : true) })
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

  function take(head) {
    Object.assign(state, head)
    if (head.controls || head.title) { build() }
    for (const [key, value] of Object.entries(head.values ?? {})) { controls.get(key)?.show(value) }
    const text = state.busy || state.words || ""
    if (words.textContent !== text) { words.textContent = text }
    words.classList.toggle("busy", Boolean(state.busy))
  }
  build()
  take({});
  (window.sparkInboxes ??= new Map()).set(model.address, take)
  model.on("msg:custom", (message) => take(JSON.parse(message instanceof Map ? message.get("head") : message.head)))
  window.sparkSay(model.address, {type: "ready"})   // what was told before there was anybody to listen
  return root
}
