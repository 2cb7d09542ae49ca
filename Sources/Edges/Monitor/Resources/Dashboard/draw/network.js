import { eventsWithin } from "./events.js"
import { pickOf } from "./lanes.js"
import { indices } from "./series.js"

const MAX_MS = 60
const MEDIA = new Set(["media.gap", "media.late", "media.stalled"])

/** Arrival jitter of both sides from 0 to 60 ms, and gaps in their media as blocks: inbound above, outbound below. */
export const networkLane = {
  key: "network",
  label: "Jitter, gaps",
  short: "Jitter",
  height: 44,
  ticks: [{ at: 0.02, text: `${MAX_MS} ms` }, { at: 0.98, text: "0" }],
  draw(g, box, view, range, data, theme) {
    g.fillStyle = theme.grid
    g.fillRect(view.x(range.from), Math.round(box.y + box.height - 3), view.x(range.to) - view.x(range.from), 1)
    for (const track of ["inbound", "outbound"]) {
      const series = data.tracks[track]?.jitter
      if (series?.length) curve(g, box, view, series, range, theme[track])
    }
    for (const event of eventsWithin(data.events, range.from, range.to, data.duration)) {
      if (!MEDIA.has(event.name)) continue
      const x = view.x(event.start)
      const width = Math.max(3, view.x(event.end ?? data.duration) - x)
      const half = (box.height - 6) / 2
      const top = event.track === "outbound" ? box.y + 3 + half : box.y + 2
      g.fillStyle = theme[event.track] ?? theme.muted
      g.globalAlpha = 0.35
      g.fillRect(x, top, width, half)
      g.globalAlpha = 1
      g.fillStyle = theme.alert
      g.fillRect(x, top, width, 3)
    }
  },
  pick(time, y, data, view) { return pickOf(data, view, time, e => MEDIA.has(e.name)) },
}

function curve(g, box, view, series, range, colour) {
  const [first, last] = indices(series, range.from - 5 * series.step, range.to + series.step)
  g.strokeStyle = colour
  g.lineWidth = 1.25
  g.beginPath()
  let open = false
  let missing = 0
  for (let i = first; i < last; i++) {
    const value = series.values[i]
    // Reported about ten times per second: one or two steps may be empty.
    if (Number.isNaN(value)) { missing += 1; if (missing > 3) open = false; continue }
    missing = 0
    const x = view.x(series.from + (i + 1) * series.step)
    const y = box.y + box.height - 3 - Math.min(1, value / MAX_MS) * (box.height - 6)
    if (open) g.lineTo(x, y)
    else g.moveTo(x, y)
    open = true
  }
  g.stroke()
}
