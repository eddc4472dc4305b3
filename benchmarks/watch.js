// In the page: what each figure has painted and when, and the driver of a slider. Times are performance.now().
window.live = {
  history: [], // [time, what, checksum]: "data:<id>", "axes:<id>" or "revision", whenever it changed on the screen
  painted: new Map(),
  fresh: [],
  framing: false, // whether an animation frame is being produced
  channel: new MessageChannel(),

  checksum(column) {
    let sum = 0
    const n = column.length
    for (let i = 0; i < n; i++) {
      const x = column[i]
      sum += typeof x === "number" ? (x === x ? x * (1 + i % 7) : 1) : x?.length != null ? live.checksum(x) : 1
    }
    return sum + n * 0.618
  },

  note(what, sum) {
    if (live.painted.get(what) === sum) return
    live.painted.set(what, sum)
    if (!live.fresh.length) {
      // It counts when the frame that shows it has been produced: this one, or the next if none is under way.
      const stamp = () => live.channel.port2.postMessage(null)
      if (live.framing) stamp()
      else requestAnimationFrame(stamp)
    }
    live.fresh.push([what, sum])
  },

  // Called in the middle of a paint: what the figure draws now.
  paints(view) {
    const {id, x_range, y_range, renderers} = view.model
    const box = view.frame.bbox
    live.note(`axes:${id}`, [x_range.start, x_range.end, y_range.start, y_range.end, box.width, box.height].join())
    for (const {data_source: source} of renderers) {
      if (source == null || source.name === "spark:shadow") continue // the accuracy check draws it later
      live.note(`data:${source.id}`, Object.values(source.data).map(live.checksum).join())
    }
  },

  watch() {
    const raf = window.requestAnimationFrame.bind(window)
    const over = new MessageChannel()
    over.port1.onmessage = () => {
      live.framing = false
    } // the task after the frame
    window.requestAnimationFrame = (callback) =>
      raf((time) => {
        if (!live.framing) over.port2.postMessage(null)
        live.framing = true
        return callback(time)
      })
    live.channel.port1.onmessage = () => { // the task after the frame in which it was painted
      const now = performance.now()
      for (const [what, sum] of live.fresh) live.history.push([now, what, sum])
      live.fresh = []
    }
    let proto = Bokeh.Models.get("Figure").prototype.default_view.prototype
    while (!Object.hasOwn(proto, "_paint_primary")) proto = Object.getPrototypeOf(proto)
    const paint = proto._paint_primary
    proto._paint_primary = function (...args) {
      const done = paint.apply(this, args)
      live.paints(this)
      return done
    }
    const strip = window.probe?.get(".strip")
    if (strip) {
      new MutationObserver(() => live.note("revision", strip.dataset.revision)).observe(strip, {attributes: true})
    }
  },

  // Drivers: set the slider to a place between 0 and 1 of the part that is used.
  row(key, low, high) {
    const range = probe.row(key).querySelector("input[type=range]")
    const log = (x) => Math.round(x * 1e6) / 1e6
    live.grab = () => range.dispatchEvent(new PointerEvent("pointerdown"))
    live.set = (place) => {
      range.value = log(low + (high - low) * place)
      range.dispatchEvent(new Event("input"))
    }
    live.release = () => range.dispatchEvent(new Event("change"))
  },
  widget() { // noUiSlider's own callbacks set the model of the slider in this way
    const slider = [...Bokeh.documents[0]._all_models.values()].find((m) => m.type === "Slider")
    const snap = (x) => Math.round(x / slider.step) * slider.step
    live.grab = () => {}
    live.set = (place) => {
      slider.value = snap(slider.start + (slider.end - slider.start) * place)
    }
    live.release = () => slider.setv({value: slider.value, value_throttled: slider.value})
  },

  frame: () => new Promise(requestAnimationFrame),
  rest: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),

  // Until something was painted, and then nothing for `quiet` ms.
  async settle(mark, quiet, patience = 20000) {
    const began = performance.now()
    for (;;) {
      await live.rest(20)
      const last = live.history.at(-1)
      const now = performance.now()
      if (live.history.length > mark && now - last[0] > quiet) return
      if (now - began > patience) throw new Error(`no quiet picture within ${patience} ms`)
    }
  },

  // ms from `began` to the last change of data, to the first new revision and to the last change of axes or size.
  since(mark, began) {
    const found = live.history.slice(mark)
    const times = (kind) => found.filter(([, what]) => what.startsWith(kind)).map(([t]) => t - began)
    return {
      data: times("data").at(-1) ?? null,
      revision: times("revision")[0] ?? null,
      axes: times("axes").at(-1) ?? null,
      frames: new Set(times("data")).size,
    }
  },

  async act(action, quiet) {
    const mark = live.history.length
    const began = performance.now()
    action()
    await live.settle(mark, quiet)
    return live.since(mark, began)
  },

  async moves(places, quiet) {
    const found = []
    for (const place of places) {
      await live.frame()
      await live.rest(40 * Math.random()) // anywhere within a display frame
      found.push(await live.act(() => live.set(place), quiet))
    }
    return found
  },

  // To and fro for `seconds`, an input event in each display frame; then one last value, and release.
  async drag(seconds, period, last, quiet) {
    const mark = live.history.length
    const began = performance.now()
    let events = 0
    live.grab()
    for (;;) {
      await live.frame()
      const t = (performance.now() - began) / 1000
      if (t > seconds) break
      const phase = (t / period) % 1
      live.set(phase < 0.5 ? 2 * phase : 2 - 2 * phase)
      events++
    }
    const released = performance.now()
    live.set(last)
    live.release()
    const before = live.history.length
    await live.settle(before, quiet)
    const counts = {}
    for (const [t, what] of live.history.slice(mark, before)) {
      if (what.startsWith("data")) counts[what] = (counts[what] ?? 0) + 1
    }
    const stays = [...live.painted].filter(([what]) => what.startsWith("data")).map(([, sum]) => sum).sort().join(";")
    return {
      seconds: (released - began) / 1000,
      events,
      pictures: Math.max(0, ...Object.values(counts)),
      lag: live.since(before, released).data,
      stays,
    }
  },
}
