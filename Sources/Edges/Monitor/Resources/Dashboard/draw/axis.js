import { clock } from "./text.js"

const STEPS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600]

/** Seconds from one labelled tick to the next, at least `room` pixels apart. */
function tickStep(view, room = 76) {
  const least = room * view.secondsPerPixel
  return STEPS.find(step => step >= least) ?? 3600
}

/** Lines at the ticks through all lanes. */
export function drawGrid(g, view, top, height, range, theme) {
  const step = tickStep(view)
  g.fillStyle = theme.grid
  for (let i = Math.floor(range.from / step); i * step <= range.to; i++) {
    g.fillRect(Math.round(view.x(i * step)), top, 1, height)
  }
}

/** The time axis: ticks and the call clock at them. */
export const axisLane = {
  key: "axis",
  label: "Time",
  height: 22,
  draw(g, box, view, range, data, theme) {
    const step = tickStep(view)
    const room = 40 * view.secondsPerPixel
    g.font = theme.font
    g.textBaseline = "middle"
    g.textAlign = "left"
    for (let i = Math.max(0, Math.floor((range.from - room * 2) / step)); i * step <= range.to + room; i++) {
      const x = Math.round(view.x(i * step))
      g.fillStyle = theme.line
      g.fillRect(x, box.y + box.height - 6, 1, 6)
      g.fillStyle = theme.muted
      g.fillText(clock(i * step, step < 1), x + 4, box.y + box.height / 2)
    }
  },
}
