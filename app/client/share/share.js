// Sharing: a dialog with the link and the kept states. The button for it is on the page's bar.
import {h} from "../shared/dom.js"
import {onKey} from "../shared/keys.js"
import {listen, say} from "../shared/messages.js"
import {documentOf, named, onLeave} from "../shared/seam.js"
import {spark} from "../shared/spark.js"
import {ShareDialog} from "./dialog.js"
import css from "./share.css" with {type: "text"}
import {thumbnail} from "./thumbnail.js"

/** @param {{model: any, view: any}} component */
export function render({model, view}) {
  const dialog = new ShareDialog({
    say: (said) => say(model, said),
    now: () => spark.session,
    thumbnail: () => thumbnail(named(documentOf(view), "spark:v0")?.data ?? {}),
  })
  const ask = () => say(model, {type: "share"})
  const off = onKey("l", "Share: a link, and the kept states", ask)
  spark.onSession = () => dialog.el.open && dialog.renew()
  onLeave(model, () => {
    off()
    spark.onSession = null
  })
  listen(model, (head) => {
    if (head.open) dialog.open()
    if (head.qr) dialog.drawn(head.qr)
  })
  return h("div", {class: "root"}, h("style", {}, css), dialog.el)
}
