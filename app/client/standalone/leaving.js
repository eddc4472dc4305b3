// Ways out of the page: its address, and the app.

/**
 * @param {string} written what stands after the # of the address
 * @param {(words: string) => void} told
 */
export async function copyLink(written, told) {
  const here = new URL(location.href)
  here.hash = written
  try {
    await navigator.clipboard.writeText(here.href)
    told("Copied.")
  } catch { // a page within a page may not
    told(`Copy this address: ${here.href}`)
  }
}

/**
 * Go on in the app.
 * @param {string} server
 * @param {any} session
 */
export async function openIn(server, session) {
  const tab = open("", "_blank") // at once: later a browser would take it for a popup
  const address = `${server}#${await packed({state: session})}`
  if (tab) tab.location.href = address
  else location.href = address
}

/**
 * Data as the app's addresses have it: `pack` of app/keep/link.py.
 * @param {any} data
 */
export async function packed(data) {
  const stream = new Blob([JSON.stringify(data)]).stream().pipeThrough(new CompressionStream("deflate-raw"))
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer())
  const text = btoa(Array.from(bytes, (one) => String.fromCharCode(one)).join(""))
  return `1${text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "")}`
}
