// The open view as a figure, drawn by the page's own canvas: the server has none.
import {h} from "../shared/dom.js"
import {save} from "../shared/download.js"
import {drawnAsFile} from "../shared/seam.js"

/** @typedef {{title: string, layout: string, files: Object<string, string>}} View by the files' formats their names */

const MEDIA = {png: "image/png", svg: "image/svg+xml"}

export class ViewForm {
  /**
   * @param {object} dialog
   * @param {(label: string) => number} dialog.begin says that it is drawn, and by which number it ends
   * @param {(number: number, said: {words?: string, error?: string}) => void} dialog.end says what became of it
   */
  constructor({begin, end}) {
    this.begin = begin
    this.end = end
    /** @type {View | null} */
    this.view = null
    const buttons = Object.keys(MEDIA).map((format) => {
      const label = `Save view (${format.toUpperCase()})`
      const button = h("button", {type: "button", title: "As it is shown, in the page's colours"}, label)
      button.addEventListener("click", () => this.save(/** @type {"png" | "svg"} */ (format)))
      return button
    })
    this.el = h("div", {class: "buttons view", role: "group", hidden: true}, ...buttons)
  }

  /** @param {View | null} view which is open; null for none */
  offer(view) {
    this.view = view
    this.el.hidden = view == null
    this.el.setAttribute("aria-label", `Open view: ${view?.title}`)
  }

  /** @param {"png" | "svg"} format */
  async save(format) {
    if (this.view == null) return
    const {layout, files} = this.view
    const number = this.begin(files[format])
    try {
      const ground = getComputedStyle(document.body).backgroundColor
      save(files[format], await grounded(await drawnAsFile(layout, format), ground), MEDIA[format])
      this.end(number, {words: `Saved ${files[format]}.`})
    } catch {
      this.end(number, {error: "This view could not be drawn: close it and open it again."})
    }
  }
}

/**
 * A picture on the page's ground, which shows between figures.
 * @param {Blob} drawn
 * @param {string} colour
 * @returns {Promise<BlobPart>}
 */
async function grounded(drawn, colour) {
  if (drawn.type !== MEDIA.png) {
    const rect = `<rect width="100%" height="100%" fill="${colour}"/>`
    return (await drawn.text()).replace(/^<svg[^>]*>/, (opening) => opening + rect)
  }
  const image = await createImageBitmap(drawn)
  const canvas = h("canvas", {width: image.width, height: image.height})
  const ctx = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"))
  ctx.fillStyle = colour
  ctx.fillRect(0, 0, image.width, image.height)
  ctx.drawImage(image, 0, 0)
  image.close()
  return await new Promise((done, fail) => canvas.toBlob((made) => made ? done(made) : fail(), MEDIA.png))
}
