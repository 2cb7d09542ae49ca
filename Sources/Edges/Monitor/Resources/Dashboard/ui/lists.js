import { clean, count } from "../draw/text.js"
import { make } from "./dom.js"

/**
 * A list of names and values, rebuilt only if something changed.
 *
 * @param {HTMLElement} root
 * @param {[string, string, boolean?, { share: number, note: string }?][]} rows name, value, whether it needs attention, a bar
 */
export function facts(root, rows, none = "") {
  if (!isNew(root, rows)) return
  if (!rows.length) { root.replaceChildren(make("p", { class: "none", text: none })); return }
  root.replaceChildren(make("dl", { class: "facts" }, ...rows.flatMap(([name, value, isOff, bar]) => [
    make("dt", { text: name }),
    make("dd", { class: isOff ? "is-off" : "" }, make("span", { text: value }), bar ? fill(bar.share) : null, bar ? make("span", { class: "fact-note", text: bar.note }) : null),
  ])))
}

/** Counts by name as bars, largest first. */
export function meters(root, rows, none, isOff = false) {
  if (!isNew(root, rows)) return
  if (!rows.length) { root.replaceChildren(make("p", { class: "none", text: none })); return }
  const most = Math.max(...rows.map(([, value]) => value), 1)
  root.replaceChildren(make("dl", { class: "facts bars" }, ...rows.flatMap(([name, value]) => [
    make("dt", { text: clean(name, 60) }),
    make("dd", { class: isOff ? "is-off" : "" }, make("span", { text: count(value) }), fill(value / most)),
  ])))
}

function fill(share) {
  const bar = make("span", { class: "fill-bar" })
  bar.style.transform = `scaleX(${Math.min(1, Math.max(0, share || 0))})`
  return make("span", { class: "fill", "aria-hidden": "true" }, bar)
}

function isNew(root, rows) {
  const key = JSON.stringify(rows)
  if (root.shownKey === key) return false
  root.shownKey = key
  return true
}
