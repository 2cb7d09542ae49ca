import { drawGrid } from "./axis.js"
import { fitted } from "./text.js"

/**
 * Lanes on one time axis.
 *
 * A lane is `{ key, label, short?, height, grow?, colour?, ticks?, draw(g, box, view, range, data, theme), pick?(time, y, data, view, box) }`.
 * `draw` paints the times of `range`, which are blank; painting is clipped to them.
 */
export class Stack {
  constructor(lanes) {
    this.lanes = lanes
    this.boxes = []
    this.height = 0
    this.painted = null
  }

  /** Computes the position of every lane; growing lanes share the remaining `height`. `scale` follows the text size. */
  layout(height, scale = 1) {
    const minimum = this.lanes.reduce((sum, lane) => sum + lane.height * scale, 0)
    const shares = this.lanes.reduce((sum, lane) => sum + (lane.grow ?? 0), 0)
    const rest = Math.max(0, height - minimum)
    let y = 0
    this.boxes = this.lanes.map(lane => {
      const box = { y, height: Math.round(lane.height * scale + (shares ? rest * (lane.grow ?? 0) / shares : 0)) }
      y += box.height
      return box
    })
    this.height = y
    this.painted = null
  }

  /** Invalidates the canvas: the next paint is complete. */
  invalidate() { this.painted = null }

  /**
   * Paints the view. If it only moved, the canvas is shifted and only the newly visible part is painted, and the part after
   * `changed` (the time from which on the data is new; Infinity: none).
   */
  paint(canvas, g, view, data, theme, changed = 0) {
    const shift = this.shiftTo(view)
    const { width, ratio } = view
    g.setTransform(1, 0, 0, 1, 0, 0)
    let ranges = [{ from: view.from, to: view.to }]
    if (shift !== null) {
      if (shift !== 0) {
        g.globalCompositeOperation = "copy"
        g.drawImage(canvas, -shift, 0)
        g.globalCompositeOperation = "source-over"
      }
      ranges = []
      if (shift < 0) ranges.push({ from: view.from, to: view.time(-shift / ratio) })
      // A mark extends some pixels to the left of its time.
      const from = Math.min(changed - 12 * view.secondsPerPixel, shift > 0 ? view.time(width - shift / ratio) : Infinity)
      if (from < view.to) ranges.push({ from: Math.max(view.from, from), to: view.to })
    }
    g.setTransform(ratio, 0, 0, ratio, 0, 0)
    for (const range of ranges) this.paintRange(g, view, range, data, theme)
    this.painted = { from: view.from, span: view.span, width, ratio }
  }

  /** Device pixels by which the view moved since the last paint, or null if more than that changed. */
  shiftTo(view) {
    const last = this.painted
    if (!last || last.span !== view.span || last.width !== view.width || last.ratio !== view.ratio) return null
    const shift = (view.from - last.from) / view.span * view.width * view.ratio
    return Math.abs(shift) < view.width * view.ratio ? Math.round(shift) : null
  }

  paintRange(g, view, range, data, theme) {
    const left = Math.floor(view.x(range.from)) - 2
    const right = Math.min(view.width, Math.ceil(view.x(range.to)) + 2)
    const widened = { from: view.time(left), to: view.time(right) }
    g.save()
    g.beginPath()
    g.rect(left, 0, right - left, this.height)
    g.clip()
    g.fillStyle = theme.panel
    g.fillRect(left, 0, right - left, this.height)
    drawGrid(g, view, 0, this.height, widened, theme)
    this.lanes.forEach((lane, i) => {
      lane.draw(g, this.boxes[i], view, widened, data, theme)
      g.fillStyle = theme.line
      g.fillRect(left, this.boxes[i].y + this.boxes[i].height - 1, right - left, 1)
    })
    g.restore()
  }

  /** Draws the names and scales beside the lanes. */
  paintLabels(g, width, ratio, data, theme) {
    g.setTransform(ratio, 0, 0, ratio, 0, 0)
    g.clearRect(0, 0, width, this.height)
    this.lanes.forEach((lane, i) => {
      const box = this.boxes[i]
      g.textBaseline = "middle"
      g.textAlign = "left"
      g.font = theme.font
      if (lane.colour) {
        g.fillStyle = theme[lane.colour]
        g.fillRect(0, box.y + 4, 3, box.height - 8)
      }
      const ticks = lane.ticksOf ? lane.ticksOf(data) : lane.ticks ?? []
      const scale = ticks.length ? 40 * theme.em : 0
      g.fillStyle = lane.colour ? theme.text : theme.muted
      g.fillText(fitted(g, width < 80 * theme.em ? lane.short ?? lane.label : lane.label, width - 10 - (box.height > 40 ? 0 : scale)), 9, box.y + Math.min(box.height / 2, 12 * theme.em))
      g.textAlign = "right"
      g.font = theme.small
      g.fillStyle = theme.muted
      for (const tick of ticks) {
        const y = Math.min(box.height - 7 * theme.em, Math.max(7 * theme.em, tick.at * box.height))
        if (y > 20 * theme.em || box.height <= 40) g.fillText(tick.text, width - 6, box.y + y)
      }
      g.fillStyle = theme.line
      g.fillRect(0, box.y + box.height - 1, width, 1)
    })
  }

  /** The event at a point, and its lane. */
  pick(x, y, view, data) {
    const index = this.boxes.findIndex(box => y >= box.y && y < box.y + box.height)
    if (index < 0) return { lane: null, event: null }
    const lane = this.lanes[index]
    const box = this.boxes[index]
    return { lane, event: lane.pick?.(view.time(x), y - box.y, data, view, box) ?? null }
  }
}
