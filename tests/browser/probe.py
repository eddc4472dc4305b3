"""What the tests bring into a page, to look at it from within."""

HELPERS = """
window.probe = {
  deep(selector, root = document) {          // through every shadow root
    const found = root.querySelector(selector)
    if (found) { return found }
    for (const e of root.querySelectorAll("*")) {
      const inner = e.shadowRoot && probe.deep(selector, e.shadowRoot)
      if (inner) { return inner }
    }
    return null
  },
  kept: new Map(),
  get(selector) {
    const kept = probe.kept.get(selector)
    if (kept?.isConnected && kept.matches(selector)) { return kept }
    const found = probe.deep(selector)
    probe.kept.set(selector, found)
    return found
  },
  row: (key) => probe.get(`.row[data-key="${key}"]`),
  revision: () => Number(probe.get(".strip")?.dataset.revision ?? 0),
  say(kind) { const say = probe.get(".say"); return say?.classList.contains(kind) ? say.textContent : "" },
  error: () => probe.say("wrong"),
  rowError: (key) => probe.row(key)?.querySelector(".err").textContent ?? "",
  model: (name) => window.Bokeh?.documents?.[0]?.get_model_by_name(`spark:${name}`),
  data: (name, column) => { const d = probe.model(name)?.data[column]; return d == null ? [] : Array.from(d) },
  names: ["current", "threshold", "soft", "second", "spikes", "others", "strokes", "rate", "v0"],
  finite: () => probe.names.every((name) => Object.values(probe.model(name).data).every(
    (column) => Array.from(column).every(Number.isFinite))),
  checksum: (column) => [column.length, column.reduce((sum, x, i) => sum + x * (1 + i % 7), 0)],
  sum: () => JSON.stringify(["v0", "current", "spikes", "strokes"].map(
    (name) => Object.values(probe.model(name).data).map(probe.checksum))),
  plot: (source) => [...Bokeh.documents[0]._all_models.values()].find(    // the figure that draws it
    (m) => m.type === "Figure" && m.renderers.some((r) => r.data_source?.name === `spark:${source}`)),
  drawn: (source) => [...Bokeh.index.query((one) => one.model === probe.plot(source))][0],
  frame(source) {                            // where its axes are, in the page
    const {el, frame: {bbox}} = probe.drawn(source), box = el.getBoundingClientRect()
    return {x: box.x + bbox.left, y: box.y + bbox.top, width: bbox.width, height: bbox.height}
  },
  figure: (i = 0) => [...Bokeh.documents[0]._all_models.values()].filter((m) => m.type === "Figure")[i],
  readouts: () => Object.fromEntries([...probe.get(".strip").querySelectorAll("dl div")].map(
    (e) => [e.querySelector("dt").textContent, e.querySelector("dd").firstChild.textContent])),
}
"""
