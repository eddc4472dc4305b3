// A text that goes to the clipboard: a browser may refuse it to a page without TLS, and the hand has to do it.

/**
 * @param {HTMLInputElement | HTMLTextAreaElement} field shows the text
 * @param {(words: string) => void} told says what became of it
 */
export async function copy(field, told) {
  try {
    await navigator.clipboard.writeText(field.value)
    told("Copied.")
  } catch {
    field.focus()
    field.select()
    told("Selected: copy it with Ctrl+C, or by a long press.")
  }
}
