// A file for the visitor.

const KEPT = 10000 // ms that the browser has to save it

/**
 * @param {string} name
 * @param {BlobPart} content
 */
export function save(name, content) {
  const link = document.createElement("a")
  link.href = URL.createObjectURL(new Blob([content], {type: "text/html"}))
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), KEPT)
}
