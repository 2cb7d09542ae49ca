import { clock } from "./text.js"

/** The overlay above the lanes: pointer, playback position, selected event, live edge. */
export function drawOverlay(g, view, height, marks, theme) {
  g.setTransform(view.ratio, 0, 0, view.ratio, 0, 0)
  g.clearRect(0, 0, view.width, height)
  if (marks.selected) {
    const from = view.x(marks.selected.start)
    const to = view.x(marks.selected.end ?? marks.duration)
    g.fillStyle = theme.accent
    g.globalAlpha = 0.12
    g.fillRect(from, 0, Math.max(2, to - from), height)
    g.globalAlpha = 1
    g.fillRect(Math.round(from), 0, 1, height)
    if (to - from > 2) g.fillRect(Math.round(to), 0, 1, height)
  }
  if (marks.edge !== null) {
    g.fillStyle = theme.line
    g.fillRect(Math.round(view.x(marks.edge)), 0, 1, height)
  }
  if (marks.playing !== null) line(g, view, marks.playing, height, theme.text, theme, true)
  if (marks.pointer !== null) line(g, view, marks.pointer, height, theme.muted, theme, false)
}

function line(g, view, time, height, colour, theme, isHead) {
  const x = Math.round(view.x(time))
  if (x < -1 || x > view.width + 1) return
  g.fillStyle = colour
  g.fillRect(x, 0, isHead ? 2 : 1, height)
  const text = clock(time, true)
  g.font = theme.small
  g.textBaseline = "middle"
  g.textAlign = "left"
  const width = g.measureText(text).width + 10
  const left = Math.min(x, view.width - width)
  g.fillStyle = theme.raised
  g.fillRect(left, 1, width, 18 * theme.em)
  g.fillStyle = theme.text
  g.fillText(text, left + 5, 1 + 9 * theme.em)
}
