// Sharing: a dialog with the link and the kept states. The button for it is on the page's bar.
import shared from "../shared/dialog.css" with {type: "text"}
import {h} from "../shared/dom.js"
import {onKey} from "../shared/keys.js"
import {listen, say} from "../shared/messages.js"
import {documentOf, named, onLeave} from "../shared/seam.js"
import {spark} from "../shared/spark.js"
import {ShareDialog} from "./dialog.js"
import css from "./share.css" with {type: "text"}
import {SHELF} from "./shelf.js"
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
  /** @param {StorageEvent} event of another tab; without a key all was deleted */
  const stored = ({key}) => (key === SHELF || key == null) && dialog.el.open && dialog.draw()
  addEventListener("storage", stored)
  onLeave(model, () => {
    off()
    removeEventListener("storage", stored)
    spark.onSession = null
  })
  listen(model, (head) => {
    if (head.open) dialog.open()
    if (head.qr) dialog.drawn(head.qr)
  })
  return h("div", {class: "root"}, h("style", {}, shared, css), dialog.el)
}
