// A file for the visitor.

const KEPT = 10000 // ms that the browser has to save it

/**
 * @param {string} name
 * @param {BlobPart} content
 * @param {string} type its media type
 */
export function save(name, content, type) {
  const link = document.createElement("a")
  link.href = URL.createObjectURL(new Blob([content], {type}))
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), KEPT)
}
