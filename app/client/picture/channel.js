// The page's own connection to the server; until it is open, and whenever it is not, messages go over Bokeh's.
import {spark} from "../shared/spark.js"

const LONGEST = 60000 // characters of a message
const LARGEST = 3_000_000 // of one over Bokeh's connection, which is closed where somebody sends more (`app/limits.py`)
const RETRIES = 12 // of opening it: with several server processes it may come to one that does not know this session
const PAUSE = 100 // ms, longer with every try
const TAKEN = 4409 // the server's code where another page of this session has the channel now: this one begins anew

const decoder = new TextDecoder()

/** @param {string} key */
function address(key) {
  const scheme = location.protocol === "https:" ? "wss:" : "ws:"
  return `${scheme}//${location.host}${location.pathname.replace(/\/$/, "")}/live?key=${key}`
}

export class Channel {
  constructor() {
    /** @type {WebSocket | null} */
    this.socket = null
    this.tries = 0
  }

  /**
   * Connect; the connection before is given up.
   * @param {string} key with which the server knows the session
   */
  open(key) {
    this.socket?.close()
    const socket = new WebSocket(address(key))
    this.socket = socket
    socket.binaryType = "arraybuffer"
    socket.onmessage = ({data}) => {
      if (data === "open") this.opened(socket)
      else deliver(data)
    }
    socket.onclose = ({code}) => {
      if (this.socket !== socket) return
      if (code === TAKEN) return spark.renew?.()
      if (this.tries === 0) spark.onCut?.()
      if (this.tries++ >= RETRIES) return
      setTimeout(() => {
        if (this.socket === socket) this.open(key)
      }, PAUSE * this.tries)
    }
  }

  /** @param {WebSocket} socket */
  opened(socket) {
    this.tries = 0
    spark.channel = {
      say(to, said) {
        const text = JSON.stringify({to, data: said})
        if (text.length > LARGEST) {
          spark.onTooLarge?.()
          return true
        }
        if (socket.readyState !== WebSocket.OPEN || text.length > LONGEST) return false
        socket.send(text)
        return true
      },
    }
  }

  /** Close it for good. */
  close() {
    const socket = this.socket
    this.socket = null
    socket?.close()
  }
}

/**
 * A message is the length of its head, the head as JSON, and arrays. Who listens late will be told again.
 * @param {ArrayBuffer} data
 */
function deliver(data) {
  const size = new DataView(data).getUint32(0, true)
  const head = JSON.parse(decoder.decode(new Uint8Array(data, 4, size)))
  spark.inboxes.get(head.to)?.(head, data, 4 + size)
}
