// A bar of buttons, one for each view that explains the run.
const CSS = `
:host { display: block; }
.bar { font: 12.5px/1 var(--bokeh-base-font, Roboto, system-ui, sans-serif); color: var(--panel-on-surface-color, #222);
  display: flex; align-items: center; gap: 4px; height: 34px; padding: 0 24px; box-sizing: border-box; overflow-x: auto; white-space: nowrap; }
.bar > span { font-size: 11.5px; opacity: .75; margin-right: 4px; }
button { font: inherit; color: inherit; background: none; border: 1px solid transparent; border-radius: 13px; height: 26px; padding: 0 11px; cursor: pointer; }
button:hover { border-color: var(--border-color, rgba(128,128,128,.5)); }
button[aria-pressed=true] { background: var(--panel-primary-color, #0072b5); color: var(--panel-on-primary-color, #fff); }
button[aria-disabled=true] { opacity: .45; }
button:focus-visible { outline: 2px solid var(--panel-primary-color, #0072b5); outline-offset: 1px; }
`

export function render({model}) {
  const root = document.createElement("nav")
  root.setAttribute("aria-label", "Views that explain the run")
  root.innerHTML = `<style>${CSS}</style><div class="bar"></div>`
  const bar = root.querySelector(".bar")

  function show(head) {
    const lead = document.createElement("span")
    lead.textContent = "Why it fires"
    bar.replaceChildren(lead, ...head.views.map(([name, title, reason]) => {
      const button = document.createElement("button")
      button.type = "button"
      button.textContent = title
      button.dataset.view = name
      button.title = reason ?? ""
      button.setAttribute("aria-pressed", String(head.open === name))
      button.setAttribute("aria-disabled", String(reason != null))
      button.addEventListener("click", () => say(model, {name}))
      return button
    }))
  }
  show(model.first)
  listen(model, show)
  return root
}
