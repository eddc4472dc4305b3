// How a component takes what its end at the server tells it: `take(head, buffer, base)`, over the page's channel or Bokeh's.
const part = (message, name) => (message instanceof Map ? message.get(name) : message[name])

function listen(model, take, hello = () => say(model, {type: "ready"})) {
  (window.sparkInboxes ??= new Map()).set(model.address, take)
  model.on("msg:custom", (message) => { if (part(message, "head") != null) { take(JSON.parse(part(message, "head")), part(message, "data"), 0) } })
  hello()   // it may be late: in a tab or a view that is shown for the first time now
}

function say(model, said) {   // until the page's channel is there, over Bokeh's connection
  if (window.sparkSay) { window.sparkSay(model.address, said) } else { model.send_msg(said) }
}

