// One message -> all data sources -> one paint -> one acknowledgement. Also the strip of read-outs.
const TYPES = {f4: Float32Array, u1: Uint8Array}
const TURNS = 20       // more than Bokeh needs; with too few it would paint by itself, later
const LONGEST = 60000  // characters of a message on the channel
const RETRIES = 12     // of opening the channel
const PATIENCE = 600   // frames to wait for figures that are not in the page yet

const CSS = `
:host { display: block; }
.strip { font: 13px/1.2 var(--bokeh-base-font, Roboto, system-ui, sans-serif); color: var(--panel-on-surface-color, #222);
  height: 72px; display: flex; flex-direction: column; justify-content: center; gap: 3px; padding: 0 24px; box-sizing: border-box;
  border-bottom: 1px solid var(--border-color, rgba(128,128,128,.4)); contain: strict; }
.top { display: flex; align-items: baseline; gap: 18px; min-width: 0; }
dl { display: flex; gap: 12px; margin: 0; min-width: 0; overflow: hidden; }
.top.many { gap: 12px; } .top.many dl { gap: 9px; } .top.many .cost { font-size: 11px; }
dl div { white-space: nowrap; }
dt { font-size: 11.5px; opacity: .75; }
dd { margin: 0; font-size: 17px; font-weight: 500; font-variant-numeric: tabular-nums; }
button.meter { font: inherit; color: inherit; text-align: left; background: none; border: 0; padding: 0 6px; margin: -2px -6px; border-radius: 6px; cursor: pointer; white-space: nowrap; }
button.meter[aria-pressed=true] { outline: 2px solid currentColor; }
button.meter .dot { display: inline-block; width: 9px; height: 9px; border-radius: 50%; margin-right: 5px; background: #009E73; }
button.meter.amber .dot { background: #E69F00; } button.meter.red .dot { background: #d32f2f; }
button.meter b { display: block; font-size: 17px; font-weight: 500; font-variant-numeric: tabular-nums; }
button.meter span.name { font-size: 11.5px; opacity: .8; } button.meter small { font-size: 12px; font-weight: 400; opacity: .8; margin-left: 3px; }
button.meter:focus-visible { outline: 2px solid var(--panel-primary-color, #0072b5); }
dd small { font-size: 12px; font-weight: 400; opacity: .8; margin-left: 3px; }
.cost { margin-left: auto; font-size: 12px; opacity: .8; text-align: right; white-space: pre; line-height: 1.35; }
.say { font-size: 13px; height: 17px; line-height: 17px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; opacity: .85; }
.say.busy { opacity: 1; color: var(--panel-primary-color, #0072b5); font-weight: 500; }
.say.note { opacity: 1; font-weight: 500; }
.say.wrong { opacity: 1; color: var(--danger-bg-color, #d32f2f); font-weight: 500; white-space: normal; height: auto; max-height: 30px; font-size: 12.5px; line-height: 15px; }
.strip.running .say:not(.wrong) { position: absolute; width: 1px; height: 1px; clip-path: inset(50%); }
.run { display: none; align-items: center; height: 17px; font-size: 13px; font-weight: 500; color: var(--panel-primary-color, #0072b5); }
.strip.running .say:not(.wrong) + .run { display: flex; }
.now { min-width: 300px; font-variant-numeric: tabular-nums; white-space: nowrap; }
button.cancel { font: inherit; font-size: 12px; line-height: 17px; height: 19px; padding: 0 10px; color: inherit; background: none;
  border: 1px solid currentColor; border-radius: 10px; cursor: pointer; box-sizing: border-box; }
button.cancel:hover { background: color-mix(in srgb, currentColor 14%, transparent); }
button.cancel:focus-visible { outline: 2px solid currentColor; outline-offset: 1px; }
button.cancel:disabled { opacity: .5; cursor: default; }
.bar { display: none; position: absolute; left: 0; right: 0; bottom: 0; height: 3px; background: color-mix(in srgb, var(--panel-primary-color, #0072b5) 22%, transparent); }
.strip.running .bar { display: block; }
.bar div { height: 100%; background: var(--panel-primary-color, #0072b5); transform-origin: left; transition: transform .12s linear; }
.spin { display: inline-block; width: 10px; height: 10px; margin-right: 7px; border: 2px solid currentColor; border-right-color: transparent;
  border-radius: 50%; animation: turn .8s linear infinite; vertical-align: -1px; }
@keyframes turn { to { transform: rotate(1turn); } }
@media (max-width: 1200px) { .strip { padding-left: 24px; } dl { gap: 14px; } dd { font-size: 15px; } .top { gap: 12px; } .cost { font-size: 11px; } }
@media (prefers-reduced-motion: reduce) { .spin { animation: none; } .bar div { transition: none; } }
`

export function render({model, view}) {
  const doc = view.model.document
  const {ndarray} = Bokeh.require("core/util/ndarray")
  const known = new Map()
  let alive = true

  const root = document.createElement("div")
  root.innerHTML = `<style>${CSS}</style><div class="strip" role="status">
    <div class="top"><dl></dl><button type="button" class="meter" hidden></button><div class="cost"></div></div><div class="say"></div>
    <div class="run" aria-live="off"><span class="spin"></span><span class="now"></span><button type="button" class="cancel" title="Escape">Cancel</button></div>
    <div class="bar" role="progressbar" aria-label="Simulation" aria-valuemin="0" aria-valuemax="100"><div></div></div></div>`
  const readouts = root.querySelector("dl")
  const cost = root.querySelector(".cost")
  const words = root.querySelector(".say")
  const meter = root.querySelector(".meter")
  meter.addEventListener("click", () => post({type: "meter"}))
  const strip = root.querySelector(".strip")
  const bar = root.querySelector(".bar")
  const now = root.querySelector(".now")
  const stop = root.querySelector(".cancel")
  const line = {}

  function cancel() {
    if (!line.run || stop.disabled) { return }
    stop.disabled = true
    put(now, "Cancelling …")
    post({type: "cancel"})
  }
  function escape(event) { if (event.key === "Escape" && !event.defaultPrevented) { cancel() } }
  stop.addEventListener("click", cancel)
  document.addEventListener("keydown", escape)

  // How far a run is: its bar and words, in the place of the sentence, which only says once that it runs.
  function progress(run) {
    strip.classList.toggle("running", run != null)
    if (run == null) {
      stop.disabled = false
      return
    }
    bar.setAttribute("aria-valuenow", Math.round(100 * run.part))
    bar.setAttribute("aria-valuetext", run.words)
    bar.firstElementChild.style.transform = `scaleX(${run.part})`
    if (!stop.disabled) { put(now, run.words) }
  }

  function put(element, text) {
    if (element.textContent === text) { return false }
    element.textContent = text
    return true
  }

  function gauge(found) {
    meter.hidden = found == null
    if (found == null) { return }
    const [name, dot, value, unit] = ["span", "span", "b", "small"].map((tag) => document.createElement(tag))
    name.className = "name"
    name.textContent = found.label
    dot.className = "dot"
    value.textContent = found.value
    unit.textContent = found.unit
    value.prepend(dot)
    value.append(unit)
    meter.replaceChildren(name, value)
    meter.className = `meter ${found.level}`
    meter.title = found.why
    meter.setAttribute("aria-label", `${found.label}: ${found.value} ${found.unit}. ${found.why}`)
    meter.setAttribute("aria-pressed", String(Boolean(found.drawn)))
  }

  // A cell of the strip; its texts are changed in place, so that what stays the same is not laid out again.
  function blank() {
    const [cell, dt, dd, small] = ["div", "dt", "dd", "small"].map((tag) => document.createElement(tag))
    const [label, value, unit] = ["", "", ""].map((text) => document.createTextNode(text))
    dt.append(label)
    small.append(unit)
    dd.append(value, small)
    cell.append(dt, dd)
    cell.texts = [label, value, unit]
    return cell
  }

  function describe(changes) {
    Object.assign(line, changes)
    if (changes.readouts) {
      readouts.parentElement.classList.toggle("many", changes.readouts.length > 7)
      while (readouts.children.length > changes.readouts.length) { readouts.lastChild.remove() }
      changes.readouts.forEach((texts, i) => {
        const cell = readouts.children[i] ?? readouts.appendChild(blank())
        cell.texts.forEach((node, k) => { if (node.data !== texts[k]) { node.data = texts[k] } })
      })
    }
    if ("meter" in changes) { gauge(changes.meter) }
    put(cost, line.cost ?? "")
    if ("run" in changes) { progress(line.run) }
    const said = {...line, busy: line.run ? "Simulating … Escape cancels." : line.busy}
    const state = ["error", "busy", "note"].find((one) => said[one]) ?? "about"
    words.className = `say ${state === "error" ? "wrong" : state}`
    const fresh = put(words, said[state] ?? "")
    words.title = said[state] ?? ""
    if (fresh && state === "busy") {
      const spin = document.createElement("span")
      spin.className = "spin"
      words.prepend(spin)
    }
  }

  function source(name) {
    const kept = known.get(name)
    if (kept?.document === doc) { return kept }
    const found = doc.get_model_by_name(name)
    if (found != null) { known.set(name, found) }
    return found
  }

  function array(buffer, base, [offset, length, type, shape]) {
    const values = new TYPES[type](buffer, base + offset, length)
    return shape ? [ndarray(values, {dtype: "uint8", shape})] : values
  }

  let views = []
  let size = 0   // of the document: views that open bring figures of their own
  function plots() {   // the figures that are in the page, those of the traces first
    if (size !== doc._all_models.size || !views[0]?.model.inner_width || views.some((plot) => plot.is_destroyed)) {
      size = doc._all_models.size
      views = [...Bokeh.index.query((one) => one.model.type === "Figure" && one.model.document === doc)]
      const first = (plot) => plot.model.renderers.some((r) => r.data_source?.name === "spark:current") ? 0 : 1
      views.sort((one, other) => first(one) - first(other))
    }
    return views
  }

  // Pictures are shown in order, each whole: what has not changed since the one before is not sent again.
  const queue = []
  let framing = false   // the traces are painted, and the frame that shows them is still to come
  function drain(tries = 0) {
    while (alive && queue.length) {
      if (framing && queue[0].revision == null) { return }   // what a view adds waits: it must not delay that frame
      const missing = Object.keys(queue[0].layout).filter((name) => source(name) == null)
      if (missing.length && tries < PATIENCE) {
        requestAnimationFrame(() => drain(tries + 1))
        return
      }
      if (missing.length) { console.error(`no data source ${missing.join(", ")}`) }
      tries = 0
      try { show(queue.shift()) } catch (error) { console.error(error) }
    }
  }

  function show({revision, layout, looks, buffer, base}) {
    // Each figure that changes is painted once, and now: left alone, Bokeh paints one or two display frames later, and
    // measures the layout of its axes each time.
    const changed = looks.length ? plots() : plots().filter((plot) => plot.model.renderers.some((r) => r.data_source?.name in layout))
    for (const plot of changed) { plot.pause() }
    for (const [id, values] of looks) { doc.get_model_by_id(id)?.setv(values, {sync: false}) }
    for (const [name, columns] of Object.entries(layout)) {
      const target = source(name)
      if (target == null) { continue }
      const data = {...target.data}
      for (const [column, spec] of Object.entries(columns)) { data[column] = array(buffer, base, spec) }
      target.setv({data}, {sync: false, check_eq: false})   // the page's copy only: nothing goes back
    }
    framing ||= revision != null
    paint(changed, revision)
  }

  async function paint(changed, revision) {
    for (let k = 0; k < TURNS; k++) { await null }   // glyphs take their data over in microtasks
    for (const plot of changed) {
      plot.unpause(true)
      try { plot.paint() } catch (error) { console.error(error) }
    }
    if (revision == null) { return }   // sources that are added to a picture have no number
    requestAnimationFrame(() => {   // the frame that shows what was painted
      if (!alive) { return }
      root.firstElementChild.nextElementSibling.dataset.revision = revision
      post({type: "painted", revision, columns: plots()[0]?.model.inner_width ?? null})
      framing = false
      setTimeout(drain)   // after that frame
    })
  }

  function save(name, content) {
    const link = document.createElement("a")
    link.href = URL.createObjectURL(new Blob([content], {type: "text/html"}))
    link.download = name
    link.click()
    setTimeout(() => URL.revokeObjectURL(link.href), 10000)
  }

  model.on("msg:custom", (message) => { if (part(message, "file") != null) { save(part(message, "name"), part(message, "file")) } })

  function take(head, buffer, base) {
    if (head.line) { describe(head.line) }
    if (head.channel) { open(head.channel) }
    if (head.layout != null || head.looks?.length) {
      queue.push({revision: head.revision, layout: head.layout ?? {}, looks: head.looks ?? [], buffer, base})
      if (queue.length === 1) { drain() }
    }
  }

  // The page's own connection to the server; until it is open, and whenever it is not, messages go over Bokeh's.
  const decoder = new TextDecoder()
  let socket = null
  let tries = 0
  function open(key) {
    socket?.close()
    const scheme = location.protocol === "https:" ? "wss:" : "ws:"
    const mine = new WebSocket(`${scheme}//${location.host}${location.pathname.replace(/\/$/, "")}/live?key=${key}`)
    socket = mine
    mine.binaryType = "arraybuffer"
    mine.onmessage = ({data}) => {
      if (data === "open") {
        tries = 0
        window.sparkChannel = {
          say(to, said) {
            const text = JSON.stringify({to, data: said})
            if (mine.readyState !== WebSocket.OPEN || text.length > LONGEST) { return false }
            mine.send(text)
            return true
          },
        }
        return
      }
      const size = new DataView(data).getUint32(0, true)
      const head = JSON.parse(decoder.decode(new Uint8Array(data, 4, size)))
      window.sparkInboxes.get(head.to)?.(head, data, 4 + size)   // who is late will be told again
    }
    mine.onclose = () => {   // with several server processes it may have come to one that does not know this session
      if (alive && socket === mine && tries++ < RETRIES) { setTimeout(() => { if (alive && socket === mine) { open(key) } }, 100 * tries) }
    }
  }

  // What any component or figure has to say to its end at the server.
  window.sparkSay = (to, said) => {
    if (!window.sparkChannel?.say(to, said)) { model.send_msg({type: "pass", to, said}) }
  }
  const post = (said) => say(model, said)
  model.on("remove", () => { alive = false; known.clear(); socket?.close(); document.removeEventListener("keydown", escape) })
  // Ready when the plots have their size: the first picture is made for it.
  function hello(tries = 0) {
    if (!alive) { return }
    const columns = plots()[0]?.model.inner_width ?? null
    if (columns || tries > PATIENCE) { model.send_msg({type: "ready", columns}) } else { requestAnimationFrame(() => hello(tries + 1)) }
  }
  listen(model, take, hello)
  return root
}
