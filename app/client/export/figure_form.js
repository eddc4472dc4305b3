// What a figure is to be like: its panels, its size, its look.
import {h} from "../shared/dom.js"

const OWN = "own"

export class FigureForm {
  /** @param {import("./dialog.js").Offers} offers */
  constructor({formats, widths, size}) {
    /** @type {Map<string, HTMLInputElement>} by the panel's key; one that was switched off stays so for other models */
    this.panels = new Map()
    this.list = h("fieldset", {class: "panels"}, h("legend", {}, "Panels"))
    this.format = h("select", {}, ...formats.map(([value, text]) => new Option(text, value)))
    this.width = h("select", {}, ...widths.map((mm) => new Option(`${mm} mm`, String(mm))), new Option("other", OWN))
    this.own = number("Other width in mm", widths[0], 30, 300)
    this.size = number("Type size in pt", size, 4, 20)
    this.bars = h("input", {type: "checkbox"})
    this.caption = h("input", {type: "checkbox"})
    const own = h("label", {class: "own", hidden: true}, this.own, " mm")
    this.width.addEventListener("change", () => {
      own.hidden = this.width.value !== OWN
      if (!own.hidden) this.own.focus()
    })
    this.el = h(
      "div",
      {class: "form"},
      this.list,
      h(
        "div",
        {class: "values"},
        h("label", {}, "Format", this.format),
        h("div", {class: "widths"}, h("label", {}, "Width", this.width), own),
        h("label", {}, "Type size", h("span", {}, this.size, " pt")),
        h("label", {class: "check"}, this.bars, "Scale bars in place of axes"),
        h("label", {class: "check"}, this.caption, "Values as a caption"),
      ),
    )
  }

  /** @param {[string, string][]} panels key and words of each that there is */
  offer(panels) {
    const labels = panels.map(([key, words]) => {
      const box = this.panels.get(key) ?? h("input", {type: "checkbox", checked: true, value: key})
      this.panels.set(key, box)
      return h("label", {class: "check"}, box, words)
    })
    this.list.replaceChildren(h("legend", {}, "Panels"), ...labels)
  }

  options() {
    return {
      panels: [...this.panels.values()].filter((box) => box.isConnected && box.checked).map((box) => box.value),
      format: this.format.value,
      width: this.width.value === OWN ? this.own.value : this.width.value,
      size: this.size.value,
      bars: this.bars.checked,
      caption: this.caption.checked,
    }
  }
}

/** @param {string} label @param {number} value @param {number} min @param {number} max */
const number = (label, value, min, max) =>
  h("input", {type: "number", "aria-label": label, value, min, max, step: "any", inputmode: "decimal"})
