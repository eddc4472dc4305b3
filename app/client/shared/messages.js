// How a component takes what its end at the server tells it, over the page's channel or Bokeh's connection; and answers.
import {onMessage, send} from "./seam.js"
import {spark} from "./spark.js"

/**
 * @param {any} model the component's
 * @param {import("./spark.js").Take} take
 * @param {() => void} hello says that it listens. It may be late: in a tab or a view that is shown for the first time now.
 */
export function listen(model, take, hello = () => say(model, {type: "ready"})) {
  spark.inboxes.set(model.address, take)
  onMessage(model, (part) => {
    if (part("head") != null) take(JSON.parse(part("head")), part("data"), 0)
  })
  hello()
}

/**
 * @param {any} model the component's
 * @param {object} said
 */
export function say(model, said) {
  // Until the picture is there, which knows the page's channel, over Bokeh's connection.
  if (spark.say) spark.say(model.address, said)
  else send(model, said)
}
