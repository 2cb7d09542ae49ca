import { indices } from "./series.js"

/**
 * The envelope of one side: the lowest to the highest sample of each step, over the height of the lane.
 *
 * Heights are proportional to the square root of the amplitude, so that speech at −26 dBFS is visible beside a digit at −3.
 */
export function waveformLane(track) {
  return {
    key: `wave-${track}`,
    label: track === "inbound" ? "Wave in" : "Wave out",
    short: "Wave",
    colour: track,
    height: 52,
    grow: 1,
    draw(g, box, view, range, data, theme) {
      const { waveMin, waveMax } = data.tracks[track] ?? {}
      const middle = box.y + box.height / 2
      g.fillStyle = theme.grid
      g.fillRect(view.x(range.from), Math.round(middle), view.x(range.to) - view.x(range.from), 1)
      if (!waveMin?.length) return
      const scale = box.height / 2 - 2
      const [first, last] = indices(waveMin, range.from - waveMin.step, range.to)
      const column = 1 / view.ratio
      g.fillStyle = theme[track]
      g.globalAlpha = 0.9
      if (view.x(waveMin.from + waveMin.step) - view.x(waveMin.from) >= column) {
        steps(g, view, waveMin, waveMax, first, last, middle, scale)
      } else {
        columns(g, view, waveMin, waveMax, first, last, middle, scale, column)
      }
      g.globalAlpha = 1
    },
  }
}

function steps(g, view, low, high, first, last, middle, scale) {
  for (let i = first; i < last; i++) {
    if (Number.isNaN(low.values[i])) continue
    const x = view.x(low.from + i * low.step)
    const width = view.x(low.from + (i + 1) * low.step) - x
    spike(g, x, Math.max(width - (width > 4 ? 1 : 0), 0.5), low.values[i], high.values[i], middle, scale)
  }
}

/** Draws more values than pixels: the extremes of each pixel column. */
function columns(g, view, low, high, first, last, middle, scale, column) {
  let at = -1
  let least = 0
  let most = 0
  for (let i = first; i < last; i++) {
    if (Number.isNaN(low.values[i])) continue
    const x = Math.floor(view.x(low.from + i * low.step) / column)
    if (x !== at) {
      if (at >= 0) spike(g, at * column, column, least, most, middle, scale)
      at = x
      least = 1
      most = -1
    }
    least = Math.min(least, low.values[i])
    most = Math.max(most, high.values[i])
  }
  if (at >= 0) spike(g, at * column, column, least, most, middle, scale)
}

const raised = value => Math.sign(value) * Math.sqrt(Math.min(1, Math.abs(value)))

function spike(g, x, width, low, high, middle, scale) {
  const top = middle - raised(high) * scale
  const bottom = middle - raised(low) * scale
  g.fillRect(x, top, width, Math.max(1, bottom - top))
}
