// A page whose first connection fails is not dead: its server was renewed between the two, or the page is an old one that the
// browser had kept. It begins anew by itself, some times.
import {answers, pause} from "./connection.js"
import {count, lately} from "./lately.js"

const LOOK = 250 // ms from one look to the next
const PAUSE = 1000 // ms until it begins anew, twice as long with every time
const MOST = 5 // times, lately
const NAME = "spark:reopened"
const AGAIN = "The server did not answer: this page tries again by itself."
const NEVER =
  "This page reaches its server, but its connection (a WebSocket) does not. Load it again; if that does not help, " +
  "something between the two does not let it through: ask whoever runs it."

/** What the template says where a page cannot be opened. */
const failed = () => document.getElementById("loader")?.classList.contains("error")
const isOpen = () => document.documentElement.dataset.spark === "open"

/** @param {string} words */
function say(words) {
  const place = document.getElementById("loader-error")
  if (place) place.textContent = words
}

async function watch() {
  while (!failed()) {
    if (isOpen()) return
    await pause(LOOK)
  }
  const before = lately(NAME)?.length ?? MOST
  if (before >= MOST) return say(NEVER)
  say(AGAIN)
  await pause(PAUSE * 2 ** before)
  while (await answers() == null) await pause(PAUSE)
  if (isOpen()) return
  if (!count(NAME)) return say(NEVER)
  location.reload()
}

watch()
