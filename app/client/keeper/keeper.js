// What keeps a session: the address, the browser's store, and the connection to the server; and what is said of them.
import {deep, h} from "../shared/dom.js"
import {listen, say} from "../shared/messages.js"
import {inOrder, settle} from "../shared/moves.js"
import {documentOf, onLeave, onLost} from "../shared/seam.js"
import {spark} from "../shared/spark.js"
import {Connection} from "./connection.js"
import css from "./keeper.css" with {type: "text"}
import {begun, enter, entered, forgetLast, keep, keepChanges, last, linked, makeWay} from "./stored.js"
import {Toast} from "./toast.js"

const LEAVING = 60_000 // ms that a page may take to be loaded
const THROTTLE = 100 // ms from one note of what was moved to the next
const SAID = {
  silent: "The server does not answer: your values are kept.",
  lost: "Connection lost: your values are kept, and the page comes back by itself.",
}
const WAITS = "Connection lost: sliders and boxes keep what you set, all else works again when the page is back."
const TOO_LARGE = "This is too large to send: a session, or a list of values, has at most 3 million characters."
const UNASKED = ["ready", "painted", "resized", "ping"] // what the page says by itself

/** @param {{model: any, view: any}} component */
export function render({model, view}) {
  const doc = documentOf(view)
  // The template covers a page for good where any connection was refused while it was loaded: here it is, and works.
  document.documentElement.dataset.spark = "open"
  const toast = new Toast()
  const el = h("div", {}, h("style", {}, css), toast.el)
  const first = begun()
  let own = first.own // whether the browser's last session is this one
  // What a hand moves before the server has said a word is moved in the session that the page begins with.
  const whole = first.link === linked() ? null : first.link
  spark.session = {link: linked(), title: document.title, whole, long: whole != null}
  let changed = false // a session of nothing but defaults is not worth an offer
  let before = linked() // what the address was until it was written over
  let opened = 0 // how often the page itself went to another address: what the server wrote before is of no address now
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let soon
  let leaving = false // the page is loaded anew, from the address of that moment: until a slow server answers it lives on

  /** @param {string} link @param {Object<string, any>} moves @param {boolean} typed by somebody, not written by us */
  function open(link, moves, typed) {
    spark.moves.clear()
    say(model, {type: "open", link, moves, typed, opened: ++opened})
  }

  const note = () => {
    clearTimeout(soon)
    soon = undefined
    if (!changed) return
    if (!own) makeWay()
    own = true
    keep(before, spark.session)
  }
  function leave() {
    before = linked()
    leaving = true
    setTimeout(() => leaving = false, LEAVING) // it may have been a download
  }
  function renew() {
    note()
    location.reload()
  }
  spark.onMoved = () => {
    changed = true
    soon ??= setTimeout(note, THROTTLE)
  }

  const connection = new Connection({
    ask: () => say(model, {type: "ping"}),
    say(state) {
      spark.away = state === "lost"
      deep(".main-content")?.toggleAttribute("data-lost", state !== "open")
      if (state !== "open") toast.show({words: SAID[state], kind: "lost"})
      else if (toast.kind === "lost") toast.hide()
    },
    renew,
  })
  spark.renew = renew
  spark.onCut = () => {
    connection.forget()
    for (const one of inOrder()) say(model, {type: "moved", ...one})
  }
  spark.onTooLarge = () => toast.show({words: TOO_LARGE, kind: "error", stays: true})

  // Values are kept (shared/moves.js); what else a hand does while the server is away would be lost without a word.
  spark.onSaid = (said) => {
    const asked = said.move == null && !UNASKED.includes(said.type)
    if (spark.away && asked) toast.show({words: WAITS, kind: "lost"})
  }

  /** @param {string} link @param {string | null} whole @param {boolean} push */
  function write(link, whole, push) {
    const then = linked()
    if (link === then) return
    if (!leaving) before = push ? link : then
    try {
      enter(link, whole, push)
    } catch {
      if (!leaving) before = then // a browser that finds them too many in a short time: the next one will do
    }
  }

  /** @param {any} head */
  function take(head) {
    if (head.pong) connection.answered()
    if (head.link != null && head.opened === opened) {
      settle(head.heard)
      write(head.link, head.whole, head.push)
      spark.session = {link: head.link, title: head.title, whole: head.whole, long: head.long}
      spark.onSession?.()
      changed = true
      if (toast.kind === "offer" || (head.push && toast.kind === "said")) toast.hide() // it was of what was before
      note()
    }
    if (head.steps) keepChanges(head)
    if (head.say) {
      const {words, kind, undo} = head.say
      /** @type {[string, () => void][]} */
      const actions = undo ? [["Undo", () => say(model, {type: "undo"})]] : []
      toast.show({words, kind, actions, stays: kind === "error"})
    }
  }

  /**
   * Back, forward, or an address that was typed.
   * @param {PopStateEvent} event
   */
  function popped(event) {
    open(entered() ?? linked(), {}, event.state == null)
  }

  function offer() {
    const found = last()
    const asked = new URLSearchParams(location.search)
    if (["lesson", "mystery"].some((one) => asked.has(one))) return // which begins with its own values
    if (linked() || found == null || own) return
    const days = Math.floor((Date.now() - found.at) / 86_400_000)
    const when = days
      ? new Date(found.at).toLocaleDateString()
      : new Date(found.at).toLocaleTimeString([], {timeStyle: "short"})
    const again = () => {
      own = true
      open(found.whole ?? found.link, found.moves, false)
    }
    toast.show({
      words: `Go on where you were (${when}): ${found.title}?`,
      actions: [["Open", again], ["No", forgetLast]],
      kind: "offer",
      stays: true,
    })
  }

  addEventListener("popstate", popped)
  addEventListener("beforeunload", leave)
  addEventListener("pagehide", note)
  onLost(doc, () => connection.lost())
  onLeave(model, () => {
    removeEventListener("popstate", popped)
    removeEventListener("beforeunload", leave)
    removeEventListener("pagehide", note)
    spark.onMoved =
      spark.onSaid =
      spark.onTooLarge =
      spark.onCut =
      spark.renew =
        null
    connection.stop()
    toast.leave()
  })
  listen(model, take)
  offer()
  return el
}
