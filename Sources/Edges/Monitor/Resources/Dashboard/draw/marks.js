import { eventsWithin } from "./events.js"
import { pickOf } from "./lanes.js"
import { fitted, displayName } from "./text.js"

/** Signals with their own lane, or drawn on the whole call. */
const ELSEWHERE = new Set(["speech", "overtalk", "response.latency", "stream", "turn", "media.gap", "media.late"])
const ROWS = 3
const ROW = 17

/** All other signals: intervals as labelled bars, moments as diamonds, arranged with little overlap. */
export const marksLane = {
  key: "signals",
  label: "Signals",
  height: ROWS * ROW + 6,
  draw(g, box, view, range, data, theme) {
    const events = arranged(data, view)
    g.font = theme.small
    g.textBaseline = "middle"
    g.textAlign = "left"
    const room = 160 * view.secondsPerPixel
    for (const event of eventsWithin(events.list, range.from - room, range.to, data.duration)) {
      const y = box.y + 3 + events.rows.get(event) * (box.height - 6) / ROWS
      if (event.moment) moment(g, view, event, y, (box.height - 6) / ROWS, theme)
      else interval(g, view, event, y, (box.height - 6) / ROWS, data, theme)
    }
  },
  pick(time, y, data, view, box) {
    const events = arranged(data, view)
    const row = Math.min(ROWS - 1, Math.max(0, Math.floor((y - 3) / (box.height - 6) * ROWS)))
    const slack = 10 * view.secondsPerPixel
    const inRow = pickOf(data, view, time, e => events.rows.get(e) === row)
    return inRow ?? events.list.find(e => e.moment && events.rows.get(e) === row && Math.abs(e.start - time) < slack) ?? null
  },
}

/** Assigns each event the first free row at its time, or else the row that becomes free first. */
function arranged(data, view) {
  const list = data.events.filter(event => !ELSEWHERE.has(event.name))
  const rows = new Map()
  const busyUntil = new Array(ROWS).fill(-Infinity)
  const label = 74 * view.secondsPerPixel
  for (const event of list) {
    let row = busyUntil.findIndex(until => until <= event.start)
    if (row < 0) row = busyUntil.indexOf(Math.min(...busyUntil))
    const end = event.moment ? event.start + label * 0.6 : event.end ?? data.duration
    busyUntil[row] = Math.max(busyUntil[row], end)
    rows.set(event, row)
  }
  return { list, rows }
}

/** The colour of an event: that of its track, or of an alert. */
function colourOf(event, theme) {
  if (event.severity === "alert") return theme.alert
  if (event.severity === "warn") return theme.warn
  return event.track ? theme[event.track] : theme.muted
}

function interval(g, view, event, y, height, data, theme) {
  const x = view.x(event.start)
  const width = Math.max(3, view.x(event.end ?? data.duration) - x)
  const colour = colourOf(event, theme)
  g.globalAlpha = 0.16
  g.fillStyle = colour
  g.fillRect(x, y + 1, width, height - 2)
  g.globalAlpha = 1
  g.fillRect(x, y + 1, 2, height - 2)
  g.fillStyle = theme.text
  g.fillText(fitted(g, displayName(event.name), width - 8), x + 6, y + height / 2)
}

function moment(g, view, event, y, height, theme) {
  const x = view.x(event.start)
  const middle = y + height / 2
  const size = height * 0.28
  g.fillStyle = colourOf(event, theme)
  g.beginPath()
  g.moveTo(x, middle - size)
  g.lineTo(x + size, middle)
  g.lineTo(x, middle + size)
  g.lineTo(x - size, middle)
  g.fill()
  const digit = event.values.digit
  if (digit === undefined) return
  g.fillStyle = theme.text
  g.fillText(String(digit).slice(0, 2), x + size + 3, middle)
}
