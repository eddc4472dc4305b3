// A page whose first connection fails is not dead: its server was renewed between the two, or the page is an old one that the
// browser had kept. It begins anew by itself, some times.
import {answers, pause} from "./connection.js"

const LOOK = 250 // ms from one look to the next
const PAUSE = 1000 // ms until it begins anew, twice as long with every time
const MOST = 5 // times
const SINCE = 300_000 // ms for which those are counted
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

/** @returns {number[]} when this tab has begun anew, lately */
function before() {
  try {
    const found = JSON.parse(sessionStorage.getItem(NAME) ?? "[]")
    return found.filter((/** @type {number} */ at) => Date.now() - at < SINCE)
  } catch {
    return Array(MOST).fill(Date.now()) // without a count it would go on for ever
  }
}

async function watch() {
  while (!failed()) {
    if (isOpen()) return
    await pause(LOOK)
  }
  const times = before()
  if (times.length >= MOST) return say(NEVER)
  say(AGAIN)
  await pause(PAUSE * 2 ** times.length)
  while (await answers() == null) await pause(PAUSE)
  if (isOpen()) return
  try {
    sessionStorage.setItem(NAME, JSON.stringify([...times, Date.now()]))
  } catch {
    return say(NEVER)
  }
  location.reload()
}

watch()
