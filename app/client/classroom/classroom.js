// A classroom: the door, the bar of whoever is in a room, and the sheet over the plots. What a browser knows of a room (the
// teacher's key, a student's token) it keeps by itself; neither stands in an address that a projector shows.
import shared from "../shared/dialog.css" with {type: "text"}
import {h} from "../shared/dom.js"
import {onKey} from "../shared/keys.js"
import {listen, say as tell} from "../shared/messages.js"
import {remember, remembered} from "../shared/remembered.js"
import {onLeave} from "../shared/seam.js"
import {Bar} from "./bar.js"
import css from "./classroom.css" with {type: "text"}
import {Code} from "./code.js"
import {Door} from "./door.js"
import {PollCard} from "./poll_card.js"
import {PollDesk} from "./poll_desk.js"
import {Race} from "./race.js"
import {Sheet} from "./sheet.js"
import walls from "./wall.css" with {type: "text"}
import {Wall} from "./wall.js"

/** @typedef {{el: Element, take: (head: any, data: any, base: number) => void}} Part */

const ROOM = "room", TEACH = /^#teach=([\w-]+)$/

/**
 * @typedef {object} Kept what a browser knows of a room
 * @property {string} [key] the teacher's
 * @property {string} [token] the student's
 */

/** @param {{model: any}} component */
export function render({model}) {
  const say = (/** @type {object} */ said) => tell(model, said)
  /** @type {{code: string, role: "teacher" | "student", key?: string, name?: string} | null} */
  let room = null
  let asked = "", raced = "" // what a student was shown already
  /** @type {string | null | undefined} what was shown at the door last */
  let token
  const door = new Door({join, open: () => say({type: "open"})})
  const sheet = new Sheet((name) => {
    if (name === "wall") say({type: "wall", on: false})
    bar.opened("")
  })
  const code = new Code(say, () => sheet.close())
  const desk = new PollDesk(say),
    card = new PollCard(say),
    wall = new Wall(say),
    race = new Race(say, () => sheet.close())
  const bar = new Bar({say, toggle: (name) => toggle(name), leave, back: () => race.putAway()})
  sheet.bar = bar.el
  const el = h("div", {class: "root"}, h("style", {}, shared, css, walls), bar.el, sheet.el, door.el)

  /** @type {Object<string, {title: string, part: Part, small?: boolean}>} */
  const teaching = {
    code: {title: "Join this room", part: code},
    wall: {title: "Wall", part: wall},
    poll: {title: "Poll", part: desk},
    race: {title: "Mystery race", part: race},
  }
  /** @type {typeof teaching} */
  const attending = {
    poll: {title: "Poll", part: card, small: true},
    race: {title: "Mystery race", part: race, small: true},
  }
  const pages = () => room?.role === "teacher" ? teaching : attending

  /** @param {string} name of a page of the sheet */
  function toggle(name) {
    if (sheet.name === name) return sheet.close()
    const {title, part, small} = pages()[name]
    if (sheet.name === "wall") say({type: "wall", on: false})
    if (name === "wall") say({type: "wall", on: true})
    sheet.show(name, title, part.el, small)
    bar.opened(name)
  }

  /** @param {string} text @param {string} name */
  function join(text, name) {
    const asked = spelled(text), kept = read(asked)
    token = kept.token ?? fresh()
    keep(asked, {...kept, token})
    say({type: "enter", room: asked, token, name})
  }

  function leave() {
    if (room) say({type: "out"})
    address("")
  }

  /** @param {string} now the code of the room, "" for none */
  function address(now) {
    const query = new URLSearchParams(location.search)
    if (now) query.set(ROOM, now)
    else query.delete(ROOM)
    const text = query.toString(), hash = TEACH.test(location.hash) ? "" : location.hash
    history.replaceState(history.state, "", `${location.pathname}${text ? `?${text}` : ""}${hash}`)
  }

  /** What a student is asked stands there at once. @param {any} head */
  function open(head) {
    if (room?.role !== "student") return
    if (head.poll && head.poll.id !== asked && head.poll.mine == null && sheet.name !== "poll") toggle("poll")
    if (head.poll === null && sheet.name === "poll") sheet.close()
    const races = new URLSearchParams(location.search).has("mystery") // after a reload, with the neuron open
    if (head.race && head.race.id !== raced && sheet.name !== "race" && !races) toggle("race")
    if (head.race === null && sheet.name === "race") sheet.close()
    if (head.race === null && raced) {
      raced = ""
      bar.say("Your teacher has ended the race.")
    }
    if (head.poll) asked = head.poll.id
    if (head.race) raced = head.race.id
  }

  /** @param {any} head @param {any} data @param {number} base */
  function take(head, data, base) {
    if (head.door) door.show(room?.code)
    if (head.join) door.show(head.join)
    if (head.refused) {
      if (door.frame.isOpen) door.say(head.refused)
      else if (wall.enlarged.isOpen) wall.enlarged.tell(head.refused)
      else if (room) bar.say(head.refused)
      else {
        door.show(wanted)
        door.say(head.refused)
      }
      if (head.forget) address("")
    }
    if ("room" in head) {
      const before = room
      room = head.room
      bar.enter(room)
      if (room) {
        const comes = door.frame.isOpen
        door.close()
        if (comes) bar.el.focus({preventScroll: true})
        // A code may be spelled otherwise than it was typed: what is kept is found by the address.
        keep(room.code, {...read(room.code), ...room.key ? {key: room.key} : token ? {token} : {}})
        address(room.code)
        race.enter(room.role === "teacher")
        if (room.role === "teacher" && before?.code !== room.code) {
          code.enter({code: room.code, key: room.key ?? ""})
          if (!wanted) toggle("code")
        }
      } else sheet.close()
      dispatchEvent(new Event("resize"))
    }
    bar.take(head)
    for (const {part} of Object.values(pages())) part.take(head, data, base)
    open(head)
  }

  const off = onKey("r", "Classroom: join a room, or open one", () => room ? toggle(bar.first) : door.show())
  onLeave(model, () => {
    off()
    sheet.leave()
    desk.leave()
    card.leave()
  })
  listen(model, take)

  const wanted = spelled(new URLSearchParams(location.search).get(ROOM) ?? "")
  if (wanted) {
    // A key is kept when the room has taken it: a wrong one in a link must not take the place of the right one.
    const {key: kept, token: mine} = read(wanted), own = location.hash.match(TEACH)?.[1] ?? kept
    address(wanted)
    token = own ? null : mine ?? null
    say({type: "enter", room: wanted, key: own ?? null, token}) // who is not known is asked to join
  }
  return el
}

/** @param {string} text */
const spelled = (text) => text.toUpperCase().replace(/[\s-]/g, "")

const fresh = () =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((one) => one.toString(16).padStart(2, "0")).join("")

/** @param {string} code @returns {Kept} */
function read(code) {
  try {
    return Object(JSON.parse(remembered(`room ${code}`) ?? "{}"))
  } catch {
    return {}
  }
}

/** @param {string} code @param {Kept} kept */
const keep = (code, kept) => remember(`room ${code}`, JSON.stringify(kept))
