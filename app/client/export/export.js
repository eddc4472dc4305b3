// The dialog behind "Export": what it asks the server for, and what becomes of the answer.
import shared from "../shared/dialog.css" with {type: "text"}
import {h} from "../shared/dom.js"
import {save} from "../shared/download.js"
import {listen, say} from "../shared/messages.js"
import {ExportDialog} from "./dialog.js"
import css from "./export.css" with {type: "text"}

/** @param {{model: any}} component */
export function render({model}) {
  const dialog = new ExportDialog(
    model.first,
    (what, options, number) => say(model, {ask: what, options, number}),
    () => say(model, {ask: null}),
  )

  /**
   * @param {any} told
   * @param {ArrayBuffer} [buffer] what it hands over begins at `base`
   * @param {number} [base]
   */
  function take({open, number, part, error, lost, name, kind, note}, buffer, base = 0) {
    if (open) dialog.open(open)
    else if (lost) dialog.lose()
    else if (!dialog.awaits(number)) return
    else if (part != null) dialog.reach(part)
    else if (error != null) dialog.say({error})
    else if (buffer) {
      const content = new Uint8Array(buffer).slice(base)
      if (kind) save(name, content, kind)
      if (kind) dialog.done(`Saved ${name}.${dialog.ended}`)
      else dialog.show(new TextDecoder().decode(content), note)
    }
  }
  listen(model, take)
  return h("div", {class: "root"}, h("style", {}, shared, css), dialog.el)
}
