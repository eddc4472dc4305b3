// Equations as MathML by KaTeX, kept for every model once they are set.
const CSS = `
:host { display: block; }
.equations { font: 12.5px/1.2 var(--bokeh-base-font, Roboto, system-ui, sans-serif); color: var(--panel-on-surface-color, #222); }
.line { padding: 1px 0 3px; min-height: 20px; overflow: hidden; }
.sources { font-size: 11.5px; line-height: 1.35; }
.sources div { white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
a { color: inherit; }
`

export function render({model}) {
  const root = document.createElement("div")
  root.className = "equations"
  root.innerHTML = `<style>${CSS}</style><div></div><div class="sources"></div>`
  const [lines, sources] = root.querySelectorAll("div")
  const kept = new Map()

  function set(name) {
    if (!kept.has(name)) {
      kept.set(name, model.models[name].map((tex) => {
        const line = document.createElement("div")
        line.className = "line"
        window.katex.render(`\\displaystyle ${tex}`, line, {output: "mathml", throwOnError: false})
        return line
      }))
    }
    return kept.get(name)
  }

  function show(head) {
    lines.replaceChildren(...set(head.model))
    sources.innerHTML = head.sources
  }

  let alive = true
  function ahead() {
    const missing = Object.keys(model.models).find((name) => !kept.has(name))
    if (!alive || missing == null) { return }
    set(missing)
    idle(ahead)
  }
  const idle = (work) => (window.requestIdleCallback ?? ((f) => setTimeout(f, 200)))(work)

  model.on("remove", () => { alive = false })
  show(model.first)
  listen(model, show)
  setTimeout(() => idle(ahead), 1500)   // after the first picture
  return root
}
