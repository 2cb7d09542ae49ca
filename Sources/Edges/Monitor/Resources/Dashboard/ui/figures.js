import { make, setAttribute, setText } from "./dom.js"

/** A row of figures in a description list: `set` changes a figure and its state. */
export class Figures {
  /** @param {HTMLDListElement} list @param {{ key: string, label: string, hint?: string }[]} entries */
  constructor(list, entries) {
    this.values = new Map()
    for (const { key, label, hint } of entries) {
      const value = make("dd", { class: "figure-value", text: "–" })
      const note = make("dd", { class: "figure-note", text: "\u00A0" })
      list.append(make("div", { class: "figure", title: hint }, make("dt", { text: label }), value, note))
      this.values.set(key, { value, note })
    }
  }

  set(key, text, { note = "\u00A0", state = "" } = {}) {
    const figure = this.values.get(key)
    setText(figure.value, text)
    setText(figure.note, note)
    setAttribute(figure.value.parentElement, "data-state", state)
  }
}
