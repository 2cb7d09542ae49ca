import { indices } from "./series.js"

const LOWEST = 55
const HIGHEST = 500
const LINES = [100, 200, 400]

const height = hz => Math.log2(hz / LOWEST) / Math.log2(HIGHEST / LOWEST)

/** F0 of both sides on one logarithmic scale; unvoiced steps are not drawn. */
export const f0Lane = {
  key: "f0",
  label: "F0",
  height: 60,
  grow: 1,
  ticks: LINES.map(hz => ({ at: 1 - height(hz), text: `${hz} Hz` })),
  draw(g, box, view, range, data, theme) {
    const y = hz => box.y + 2 + (1 - height(Math.min(HIGHEST, Math.max(LOWEST, hz)))) * (box.height - 4)
    g.fillStyle = theme.grid
    for (const hz of LINES) g.fillRect(view.x(range.from), Math.round(y(hz)), view.x(range.to) - view.x(range.from), 1)
    for (const track of ["inbound", "outbound"]) {
      const series = data.tracks[track]?.f0
      if (series?.length) curve(g, view, series, range, y, theme[track])
    }
  },
}

function curve(g, view, series, range, y, colour) {
  const [first, last] = indices(series, range.from - 2 * series.step, range.to + series.step)
  g.strokeStyle = colour
  g.fillStyle = colour
  g.lineWidth = 1.75
  g.lineJoin = "round"
  g.beginPath()
  let open = false
  for (let i = first; i < last; i++) {
    const value = series.values[i]
    if (!(value > 0)) { open = false; continue }
    const x = view.x(series.from + (i + 0.5) * series.step)
    const before = series.values[i - 1]
    // A jump of more than a fourth is another voice or an error: the line is interrupted.
    if (open && Math.abs(Math.log2(value / before)) < 0.42) g.lineTo(x, y(value))
    else { g.moveTo(x - 0.9, y(value)); g.lineTo(x + 0.9, y(value)) }
    open = true
  }
  g.stroke()
}
