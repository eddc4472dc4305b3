// Elements of the page.

/**
 * An element with attributes (null and false leave one out, true gives it no value) and children.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Object<string, any>} attributes
 * @param {...(Node | string | null)} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function h(tag, attributes = {}, ...children) {
  const made = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (value != null && value !== false) made.setAttribute(name, value === true ? "" : value)
  }
  made.append(...children.filter((one) => one != null))
  return made
}

/**
 * Text with a subscript, "tau_m"; text only, never HTML.
 * @param {string} text
 * @returns {(Node | string)[]}
 */
export function subscripted(text) {
  const [base, ...sub] = text.split("_")
  return sub.length ? [base, h("sub", {}, sub.join("_"))] : [base]
}

/**
 * Change the text of an element; says whether it was another one.
 * @param {Element} element
 * @param {string} text
 */
export function put(element, text) {
  if (element.textContent === text) return false
  element.textContent = text
  return true
}

/** What has the focus, in whichever shadow root. */
export function focused() {
  let now = document.activeElement
  while (now?.shadowRoot?.activeElement) now = now.shadowRoot.activeElement
  return now
}

/**
 * The element in whose shadow this one stands.
 * @param {Element | null | undefined} element
 * @returns {HTMLElement | undefined}
 */
export function hostOf(element) {
  const root = element?.getRootNode()
  return root instanceof ShadowRoot && root.host instanceof HTMLElement ? root.host : undefined
}

/**
 * The first element that matches, in whichever shadow root.
 * @param {string} selector
 * @param {ParentNode} root
 * @returns {Element | null}
 */
export function deep(selector, root = document) {
  const found = root.querySelector(selector)
  if (found) return found
  for (const {shadowRoot} of root.querySelectorAll("*")) {
    const inner = shadowRoot && deep(selector, shadowRoot)
    if (inner) return inner
  }
  return null
}
