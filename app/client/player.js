// A time that moves through the run: a line over the traces, a dot along the path. Nothing of it reaches the server.
const SPEEDS = [[0.5, "1:2"], [0.1, "1:10"], [0.02, "1:50"], [0.005, "1:200"]]   // ms of the run per ms of ours
const CSS = `
:host { display: block; }
.player { font: 12.5px/1 var(--bokeh-base-font, Roboto, system-ui, sans-serif); color: var(--panel-on-surface-color, #222);
  display: flex; align-items: center; gap: 8px; height: 34px; padding: 0 14px; box-sizing: border-box; }
button, select { font: inherit; color: inherit; height: 26px; min-width: 30px; background: transparent; border-radius: 5px; cursor: pointer;
  border: 1px solid var(--border-color, rgba(128,128,128,.5)); padding: 0 6px; }
select option { color: #222; background: #fff; }
input { flex: 1; min-width: 60px; accent-color: var(--panel-primary-color, #0072b5); }
output { min-width: 76px; text-align: right; font-variant-numeric: tabular-nums; }
:focus-visible { outline: 2px solid var(--panel-primary-color, #0072b5); outline-offset: 1px; }
`

export function render({model, view}) {
  const doc = view.model.document
  const {path, dot, span} = model.first
  const root = document.createElement("div")
  root.innerHTML = `<style>${CSS}</style><div class="player" role="group" aria-label="Time that is looked at">
    <button type="button" aria-label="Play" title="Play">▶</button>
    <select aria-label="Speed: time of the run to time of the clock" title="Speed"></select>
    <input type="range" min="0" max="1000" step="any" value="0" aria-label="Time in ms"><output></output></div>`
  const [button, speed, range, output] = ["button", "select", "input", "output"].map((tag) => root.querySelector(tag))
  speed.replaceChildren(...SPEEDS.map(([value, text]) => new Option(text, value)))
  speed.value = 0.1
  let playing = false
  let before = 0
  let now = null

  const points = () => doc.get_model_by_name(path)?.data ?? {x: [], y: [], t: []}

  function end() {
    const {t} = points()
    for (let i = t.length - 1; i >= 0; i--) { if (Number.isFinite(t[i])) { return t[i] } }
    return 0
  }

  // The state at a time: between the two points of the path around it, none of which lies across a spike.
  function at(time) {
    const {x, y, t} = points()
    let low = 0
    for (let i = 0; i < t.length; i++) { if (t[i] <= time) { low = i } else if (t[i] > time) { break } }
    const next = low + 1
    if (!(t[next] > t[low])) { return [x[low], y[low]] }
    const part = Math.min(1, (time - t[low]) / (t[next] - t[low]))
    return [x[low] + part * (x[next] - x[low]), y[low] + part * (y[next] - y[low])]
  }

  function show(time) {
    now = time
    const [x, y] = at(time)
    doc.get_model_by_id(span)?.setv({location: time, visible: true}, {sync: false})
    doc.get_model_by_name(dot)?.setv({data: {x: [x], y: [y]}}, {sync: false, check_eq: false})
    range.max = end()
    range.value = time
    output.textContent = `${time.toFixed(1)} ms`
  }

  function step(clock) {
    if (!playing || !root.isConnected) { playing = false; return }
    const last = end()
    const time = Math.min(last, (now ?? 0) + (clock - before) * Number(speed.value))
    before = clock
    show(time)
    if (time >= last) { play(false) } else { requestAnimationFrame(step) }
  }

  function play(yes) {
    playing = yes
    button.textContent = yes ? "❚❚" : "▶"
    button.setAttribute("aria-label", yes ? "Pause" : "Play")
    button.title = yes ? "Pause" : "Play"
    if (!yes) { return }
    if (now == null || now >= end()) { now = 0 }
    before = performance.now()
    requestAnimationFrame(step)
  }

  button.addEventListener("click", () => play(!playing))
  range.addEventListener("input", () => { play(false); show(Number(range.value)) })
  // A new run: the dot stays at its time.
  const source = doc.get_model_by_name(path)
  const follow = () => { range.max = end(); if (now != null && !playing) { show(Math.min(now, end())) } }
  source?.properties.data.change.connect(follow)
  // A view that is closed leaves no mark in the traces.
  const watch = new ResizeObserver(([{contentRect}]) => {
    if (contentRect.width === 0) { play(false); doc.get_model_by_id(span)?.setv({visible: false}, {sync: false}) }
    else if (now != null) { show(Math.min(now, end())) }
  })
  watch.observe(root)
  model.on("remove", () => { playing = false; watch.disconnect(); source?.properties.data.change.disconnect(follow) })
  output.textContent = "–"
  return root
}
