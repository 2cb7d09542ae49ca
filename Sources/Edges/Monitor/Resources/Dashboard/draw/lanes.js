import { eventsWithin } from "./events.js"
import { indices } from "./series.js"
import { fitted, number } from "./text.js"

const LATENCY = "response.latency"

/** The talk spurts of one side as bars, with its response latencies as brackets before them. */
export function talkLane(track) {
  return {
    key: `talk-${track}`,
    label: track === "inbound" ? "Inbound" : "Outbound",
    short: track === "inbound" ? "In" : "Out",
    colour: track,
    height: 24,
    draw(g, box, view, range, data, theme) {
      const y = box.y + 4
      const height = box.height - 8
      g.fillStyle = theme.well
      g.fillRect(view.x(range.from), y, view.x(Math.min(range.to, data.duration)) - view.x(range.from), height)
      if (!data.events.some(event => event.name === "speech")) runs(g, view, data.tracks[track]?.speech, range, y, height, theme[track])
      for (const event of eventsWithin(data.events, range.from, range.to, data.duration)) {
        if (event.track !== track) continue
        if (event.name === "speech") bar(g, view, event, y, height, data, theme[track])
        else if (event.name === LATENCY) bracket(g, view, event, box, theme)
      }
    },
    pick(time, y, data, view) { return pickOf(data, view, time, e => e.track === track && (e.name === "speech" || e.name === LATENCY)) },
  }
}

/** Overtalk, between the two talk lanes. */
export const overtalkLane = {
  key: "overtalk",
  label: "Overtalk",
  short: "Both",
  colour: "overtalk",
  height: 16,
  draw(g, box, view, range, data, theme) {
    for (const event of eventsWithin(data.events, range.from, range.to, data.duration)) {
      if (event.name === "overtalk") bar(g, view, event, box.y + 1, box.height - 2, data, theme.overtalk)
    }
  },
  pick(time, y, data, view) { return pickOf(data, view, time, e => e.name === "overtalk") },
}

/** The event of a lane nearest to a time, within four pixels. */
export function pickOf(data, view, time, belongs) {
  const slack = 4 * view.secondsPerPixel
  const near = eventsWithin(data.events, time - slack, time + slack, data.duration).filter(belongs)
  const length = event => (event.end ?? data.duration) - event.start
  return near.sort((a, b) => length(a) - length(b))[0] ?? null
}

/** Without signals: the steps with detected speech. */
function runs(g, view, speech, range, y, height, colour) {
  if (!speech?.length) return
  const [first, last] = indices(speech, range.from - speech.step, range.to)
  g.fillStyle = colour
  for (let i = first; i < last; i++) {
    if (!(speech.values[i] > 0)) continue
    const x = view.x(speech.from + i * speech.step)
    g.fillRect(x, y, view.x(speech.from + (i + 1) * speech.step) - x + 0.5, height)
  }
}

function bar(g, view, event, y, height, data, colour) {
  const x = view.x(event.start)
  const width = Math.max(2, view.x(event.end ?? data.duration) - x)
  g.fillStyle = colour
  g.beginPath()
  g.roundRect(x, y, width, height, Math.min(2, width / 2))
  g.fill()
}

function bracket(g, view, event, box, theme) {
  const from = view.x(event.start)
  const to = view.x(event.end ?? event.start)
  const latency = event.values.latency_s
  if (!Number.isFinite(latency) || latency < 0 || to - from < 3) return
  const y = Math.round(box.y + box.height / 2)
  g.fillStyle = theme.muted
  g.fillRect(from, y, to - from, 1)
  g.fillRect(from, y - 3, 1, 7)
  const text = `${number(latency * 1000)} ms`
  g.font = theme.small
  g.textBaseline = "middle"
  g.textAlign = "center"
  const shown = fitted(g, text, to - from - 8)
  if (shown !== text) return
  const width = g.measureText(text).width + 6
  g.fillStyle = theme.well
  g.fillRect((from + to - width) / 2, y - 6, width, 12)
  g.fillStyle = theme.muted
  g.fillText(text, (from + to) / 2, y)
}
