// A page of its own with a part of the classroom: what it says is kept, what it is told comes from the test.
import {PollCard} from "../../app/client/classroom/poll_card.js"
import {PollDesk} from "../../app/client/classroom/poll_desk.js"

export function render(kind) {
  const said = []
  const part = new {card: PollCard, desk: PollDesk}[kind]((one) => said.push(one))
  Object.assign(globalThis, {said, part})
  const host = document.createElement("div")
  host.attachShadow({mode: "open"}).append(part.el)
  const place = document.querySelector("main") ?? document.body
  place.append(host)
}
