// Everything that the page reaches of BokehJS and Panel without a word about it in their documentation, or with a
// promise that may be withdrawn. All of it was seen in BokehJS 3.9.2 with Panel 1.9.4 and BokehJS 3.10.2 with Panel
// 1.10.0. `@reaches` names it; tests/browser/test_seam.py asks a real page for each of these names.

/**
 * The document of a component.
 * @param {any} view what Panel hands to `render`
 * @reaches view.model.document
 */
export const documentOf = (view) => view.model.document

/**
 * The model of this name, null where there is none yet.
 * @param {any} doc
 * @param {string} name
 * @reaches Document.get_model_by_name
 */
export const named = (doc, name) => doc.get_model_by_name(name)

/**
 * Whether a model is still in its document.
 * @param {any} doc
 * @param {any} model
 * @reaches Model.document
 */
export const stays = (doc, model) => model.document === doc

/**
 * Set properties in the page alone: the server hears nothing of it.
 * @param {any} model
 * @param {Object<string, any>} values
 * @reaches Model.setv with sync: false
 */
export const set = (model, values) => model?.setv(values, {sync: false})

/**
 * The same of the model with this id.
 * @param {any} doc
 * @param {string} id
 * @param {Object<string, any>} values
 * @reaches Document.get_model_by_id
 */
export const setById = (doc, id, values) => set(doc.get_model_by_id(id), values)

/**
 * Give a data source other data, in the page alone; they are not compared with those before, which takes long.
 * @param {any} source
 * @param {Object<string, any>} data
 * @reaches Model.setv with check_eq: false
 */
export const fill = (source, data) => source?.setv({data}, {sync: false, check_eq: false})

/**
 * Follow a data source's data; call what comes back to let go of them.
 * @param {any} source
 * @param {() => void} follow
 * @returns {() => void}
 * @reaches Model.properties.data.change.connect
 * @reaches Model.properties.data.change.disconnect
 */
export function follow(source, follow) {
  source?.properties.data.change.connect(follow)
  return () => source?.properties.data.change.disconnect(follow)
}

/**
 * The rows of an image as Bokeh's image glyphs take them.
 * @param {Uint8Array} values
 * @param {number[]} shape
 * @returns {any}
 * @reaches Bokeh.require("core/util/ndarray").ndarray
 */
export const image = (values, shape) => Bokeh.require("core/util/ndarray").ndarray(values, {dtype: "uint8", shape})

/**
 * All models of a document, by their ids.
 * @param {any} doc
 * @returns {Map<string, any>}
 * @reaches Document._all_models
 */
export const models = (doc) => doc._all_models

/**
 * The names of a model's properties.
 * @param {any} model
 * @returns {string[]}
 * @reaches Model.properties
 */
export const properties = (model) => Object.keys(model.properties)

/**
 * The figures of a document that are in the page.
 * @param {any} doc
 * @returns {any[]}
 * @reaches Bokeh.index.query
 */
export const figures = (doc) => [
  ...Bokeh.index.query((/** @type {any} */ one) => one.model.type === "Figure" && one.model.document === doc),
]

/**
 * Whether a figure has left the page.
 * @param {any} figure
 * @returns {boolean}
 * @reaches FigureView.is_destroyed
 */
export const gone = (figure) => figure.is_destroyed

/**
 * The element in which a figure is drawn.
 * @param {any} figure
 * @returns {HTMLElement}
 * @reaches FigureView.el
 */
export const elementOf = (figure) => figure.el

/**
 * What a figure's axes are labelled with, below and at the left.
 * @param {any} figure
 * @returns {{across: string, up: string}}
 * @reaches Figure.below[].axis_label
 * @reaches Figure.left[].axis_label
 */
export const axes = (figure) => ({across: labelOf(figure.model.below), up: labelOf(figure.model.left)})

/** @param {any[]} panels */
const labelOf = (panels) => String(panels.find((one) => typeof one.axis_label === "string")?.axis_label ?? "")

/**
 * Pixels between a figure's axes; nothing before it has its size.
 * @param {any} figure
 * @returns {number | null | undefined}
 * @reaches Figure.inner_width
 */
export const columns = (figure) => figure?.model.inner_width

/**
 * Follow how many pixels there are between a figure's axes; call what comes back to let go of them.
 * @param {any} figure
 * @param {() => void} follow
 * @returns {() => void}
 * @reaches Model.properties.inner_width.change.connect
 */
export function onColumns(figure, follow) {
  figure.model.properties.inner_width.change.connect(follow)
  return () => figure.model.properties.inner_width.change.disconnect(follow)
}

/**
 * Whether a figure draws a source whose name is asked for.
 * @param {any} figure
 * @param {(name: string | undefined) => boolean} asked
 * @returns {boolean}
 * @reaches Figure.renderers[].data_source.name
 */
export const draws = (figure, asked) =>
  figure.model.renderers.some((/** @type {any} */ one) => asked(one.data_source?.name))

/**
 * What a figure draws of the source with this name.
 * @param {any} figure
 * @param {string} name
 * @returns {Object<string, any>}
 * @reaches Figure.renderers[].data_source.data
 */
export const drawnOf = (figure, name) =>
  figure.model.renderers.find((/** @type {any} */ one) => one.data_source?.name === name)?.data_source.data ?? {}

/**
 * Let a figure paint nothing until `paint`.
 * @param {any} figure
 * @reaches FigureView.pause
 */
export const pause = (figure) => figure.pause()

/**
 * Paint a paused figure, and now.
 * @param {any} figure
 * @reaches FigureView.unpause
 * @reaches FigureView.paint
 */
export function paint(figure) {
  figure.unpause(true)
  figure.paint()
}

/**
 * Take messages of the component's end at the server that came over Bokeh's connection. By which of Bokeh's
 * deserializers they went decides whether one is a Map.
 * @param {any} model
 * @param {(message: (name: string) => any) => void} take
 * @reaches model.on("msg:custom")
 */
export function onMessage(model, take) {
  model.on(
    "msg:custom",
    (/** @type {any} */ said) => take((name) => (said instanceof Map ? said.get(name) : said[name])),
  )
}

/**
 * Say something to the component's end at the server, over Bokeh's connection.
 * @param {any} model
 * @param {Object<string, any>} said
 * @reaches model.send_msg
 */
export const send = (model, said) => model.send_msg(said)

/**
 * Do this when the component leaves the page.
 * @param {any} model
 * @param {() => void} leave
 * @reaches model.on("remove")
 */
export const onLeave = (model, leave) => model.on("remove", leave)

/**
 * A figure, or a layout of figures, drawn once more, as a file.
 * @param {string} id of its model
 * @param {"png" | "svg"} type
 * @returns {Promise<Blob>}
 * @reaches FigureView.export
 * @reaches CanvasLayer.to_blob
 */
export const drawnAsFile = (id, type) =>
  [...Bokeh.index.query((/** @type {any} */ one) => one.model.id === id)][0].export(type).to_blob()

/**
 * Set an equation into an element, as MathML.
 * @param {string} tex
 * @param {HTMLElement} element
 * @reaches katex.render
 */
export function typeset(tex, element) {
  globalThis.katex.render(tex, element, {output: "mathml", throwOnError: false})
}

/**
 * Do this when the connection to the server is lost; Bokeh itself says nothing of it, and tries nothing.
 * @param {any} doc
 * @param {() => void} lost
 * @reaches Document.on_event
 * @reaches Document.config
 */
export function onLost(doc, lost) {
  doc.config.setv({notify_connection_status: false, reconnect_session: false}, {sync: false})
  doc.on_event("connection_lost", lost)
}
