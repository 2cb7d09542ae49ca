/** DOM helpers: untrusted text is only ever set through textContent. */

/** The element with an id; a missing one is a programming error. */
export const byId = id => document.getElementById(id)

/**
 * Makes an element. `attributes`: `class`, `text` (textContent), `on<event>` listeners, anything else as an attribute.
 */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue
    if (name === "class") element.className = value
    else if (name === "text") element.textContent = value
    else if (name.startsWith("on")) element.addEventListener(name.slice(2), value)
    else element.setAttribute(name, value === true ? "" : value)
  }
  element.append(...children.filter(child => child !== null && child !== undefined))
  return element
}

/** Changes the text only if it differs: unchanged text costs no layout, and reusing a node is cheaper than a new one. */
export function setText(element, text) {
  const node = element.firstChild
  if (node?.nodeType === Node.TEXT_NODE && node === element.lastChild) {
    if (node.data !== text) node.data = text
  } else if (element.textContent !== text) {
    element.textContent = text
  }
}

export function setClass(element, name, isOn) {
  if (element.classList.contains(name) !== Boolean(isOn)) element.classList.toggle(name, Boolean(isOn))
}

export function setHidden(element, isHidden) {
  if (element.hidden !== isHidden) element.hidden = isHidden
}

export function setAttribute(element, name, value) {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value)
}
