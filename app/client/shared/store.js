/**
 * What the browser keeps of this page for the next visit.
 * @returns {Storage | null} none where it refuses
 */
export function store() {
  try {
    return globalThis.localStorage
  } catch {
    return null
  }
}
