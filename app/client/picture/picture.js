// The picture: what the server tells of it goes to the strip above the plots, and to the figures.
import {beginning} from "../keeper/stored.js"
import {h} from "../shared/dom.js"
import hidden from "../shared/hidden.css" with {type: "text"}
import {listen, say} from "../shared/messages.js"
import {onQuiet} from "../shared/quiet.js"
import {documentOf, figures, onLeave, send} from "../shared/seam.js"
import {spark} from "../shared/spark.js"
import {Announcement} from "./announcement.js"
import {Channel} from "./channel.js"
import {Fitting} from "./fitting.js"
import {hand} from "./hand.js"
import {Painting} from "./painting.js"
import {describe} from "./plot_access.js"
import meter from "./meter.css" with {type: "text"}
import progress from "./progress.css" with {type: "text"}
import readouts from "./readout_strip.css" with {type: "text"}
import {ReadoutStrip} from "./readout_strip.js"

const PATIENCE = 600 // frames to wait for the size of the plots

/** @param {{model: any, view: any}} component */
export function render({model, view}) {
  /** @param {object} said */
  const post = (said) => say(model, said)
  const strip = new ReadoutStrip(post)
  const painting = new Painting(documentOf(view), (revision, columns) => {
    if (revision > 0) strip.el.dataset.revision = String(revision) // not those that are another page's
    post({type: "painted", revision, columns})
  })
  const fitting = new Fitting(documentOf(view))
  const announcement = new Announcement(() => {
    describe(figures(documentOf(view)), strip.spoken)
    fitting.renew()
    return strip.spoken
  })
  const channel = new Channel()
  const quiet = onQuiet(() => announcement.soon())
  let alive = true

  // What any component or figure has to say to its end at the server.
  spark.say = (to, said) => {
    spark.onSaid?.(said)
    if (!spark.channel?.say(to, said)) send(model, {type: "pass", to, said})
  }
  spark.hand = hand

  /** @type {import("../shared/spark.js").Take} */
  function take(head, buffer, base) {
    if (head.line) strip.describe(head.line)
    if (head.line || head.layout) announcement.soon()
    if (head.channel) channel.open(head.channel)
    if (head.layout != null || head.looks?.length) {
      painting.add({revision: head.revision, layout: head.layout ?? {}, looks: head.looks ?? [], buffer, base})
    }
  }

  // Ready when the plots have their size: the first picture is made for it.
  function hello(tries = 0) {
    if (!alive) return
    const columns = painting.columns
    if (columns || tries > PATIENCE) {
      send(model, {type: "ready", columns, begin: beginning()})
      if (columns) painting.onResized((now) => post({type: "resized", columns: now}))
    } else {
      requestAnimationFrame(() => hello(tries + 1))
    }
  }

  onLeave(model, () => {
    alive = false
    quiet()
    painting.stop()
    channel.close()
    strip.leave()
    announcement.leave()
    fitting.stop()
  })
  listen(model, take, hello)
  return h(
    "div",
    {},
    h("style", {}, readouts, meter, progress, hidden),
    h("h1", {class: "vh"}, "Spark"),
    strip.el,
    announcement.el,
  )
}
