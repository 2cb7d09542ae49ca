import { setAttribute, setHidden } from "./dom.js"
import { inFrame } from "./frame.js"

/** Maximum rows refilled per frame although they show the same item: all change ten times per second. */
const REFILLS = 18

/**
 * A virtual table of any length: only visible rows exist, and are reused while it scrolls.
 *
 * The grid keeps the focus and names the active row (`aria-activedescendant`), so keyboard and screen reader reach
 * all rows, visible or not.
 */
export class Grid {
  /**
   * @param {HTMLElement} body the scrolling element with role grid; its first child is the header, which stays on top
   * @param {{ makeRow: () => HTMLElement, fillRow: (row: HTMLElement, item: any) => void, keyOf: (item: any) => string,
   *   open: (item: any) => void }} options
   */
  constructor(body, options) {
    this.body = body
    this.options = options
    this.items = []
    this.rows = []
    this.activeKey = null
    this.top = 0
    /** Counts changes of the content: a row that scrolls into view is filled, the others stay unchanged. */
    this.version = 0
    /** Where the next frame continues. */
    this.turn = 0
    this.space = body.appendChild(document.createElement("div"))
    this.space.className = "grid-space"
    this.space.setAttribute("role", "rowgroup")
    this.paint = this.paint.bind(this)
    body.addEventListener("scroll", () => {
      this.top = body.scrollTop
      inFrame(this.paint)
    }, { passive: true })
    body.addEventListener("keydown", event => this.key(event))
    body.addEventListener("click", event => this.click(event))
    new ResizeObserver(() => this.measure()).observe(body)
  }

  setItems(items) {
    this.items = items
    this.changed()
  }

  changed() {
    this.version += 1
    inFrame(this.paint)
  }

  measure() {
    this.viewHeight = this.body.clientHeight - this.body.firstElementChild.offsetHeight
    const row = this.rows[0] ?? this.addRow()
    this.rowHeight = row.offsetHeight || 36
    this.changed()
  }

  addRow() {
    const row = this.options.makeRow()
    row.id = `${this.body.id}-row-${this.rows.length}`
    this.space.append(row)
    this.rows.push(row)
    return row
  }

  paint() {
    if (!this.rowHeight) return
    const height = `${this.items.length * this.rowHeight}px`
    if (this.space.style.height !== height) this.space.style.height = height
    const first = Math.max(0, Math.floor(this.top / this.rowHeight) - 2)
    const last = Math.min(this.items.length, Math.ceil((this.top + this.viewHeight) / this.rowHeight) + 2)
    while (this.rows.length < last - first) this.addRow()
    const active = this.indexOfActive()
    let activeRow = null
    let refills = REFILLS
    let left = -1
    for (let n = 0; n < this.rows.length; n += 1) {
      const slot = (this.turn + n) % this.rows.length
      const row = this.rows[slot]
      // The row of an index stays the same element while it is visible.
      const index = first + ((slot - first) % this.rows.length + this.rows.length) % this.rows.length
      setHidden(row, index >= last)
      if (index >= last) continue
      if (row.gridIndex !== index || row.gridHeight !== this.rowHeight) {
        // A position, not a transform: a layer per row would cost more than the layout of the few rows that move.
        row.style.top = `${index * this.rowHeight}px`
        row.setAttribute("aria-rowindex", String(index + 2))
        row.gridIndex = index
        row.gridHeight = this.rowHeight
      }
      if (row.gridActive !== (index === active)) {
        row.gridActive = index === active
        row.setAttribute("aria-selected", String(row.gridActive))
      }
      if (row.gridActive) activeRow = row
      const item = this.items[index]
      if (row.gridItem === item) {
        if (row.gridVersion === this.version) continue
        if (refills === 0) {
          if (left < 0) left = slot
          continue
        }
        refills -= 1
      }
      row.gridItem = item
      row.gridVersion = this.version
      this.options.fillRow(row, item)
    }
    if (left >= 0) {
      this.turn = left
      inFrame(this.paint)
    }
    setAttribute(this.body, "aria-rowcount", String(this.items.length + 1))
    if (activeRow) setAttribute(this.body, "aria-activedescendant", activeRow.id)
    else this.body.removeAttribute("aria-activedescendant")
  }

  indexOfActive() {
    return this.activeKey === null ? -1 : this.items.findIndex(item => this.options.keyOf(item) === this.activeKey)
  }

  key(event) {
    if (event.target !== this.body) return
    const page = Math.max(1, Math.floor(this.viewHeight / this.rowHeight) - 1)
    const moves = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity }
    const index = this.indexOfActive()
    if (event.key in moves && !event.altKey && !event.ctrlKey && !event.metaKey) {
      event.preventDefault()
      this.activate(Math.min(this.items.length - 1, Math.max(0, index < 0 ? 0 : index + moves[event.key])))
    } else if ((event.key === "Enter" || event.key === " ") && index >= 0) {
      event.preventDefault()
      this.options.open(this.items[index])
    }
  }

  activate(index) {
    if (!this.items[index]) return
    this.activeKey = this.options.keyOf(this.items[index])
    const top = index * this.rowHeight
    if (top < this.body.scrollTop) this.body.scrollTop = top
    else if (top + this.rowHeight > this.body.scrollTop + this.viewHeight) this.body.scrollTop = top + this.rowHeight - this.viewHeight
    this.changed()
  }

  click(event) {
    const row = event.target.closest("[role=row]")
    if (!row || event.target.closest("a, button")) return
    const item = this.items[row.gridIndex]
    if (!item) return
    this.activeKey = this.options.keyOf(item)
    this.options.open(item)
    this.changed()
  }
}
