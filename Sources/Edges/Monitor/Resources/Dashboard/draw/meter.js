const FLOOR = -60
const TICKS = [-48, -36, -24, -12, 0]

/** A horizontal level meter, −60…0 dBFS: RMS as bar, peak as line, with loud and clipped ranges marked. */
export function drawMeter(g, width, height, ratio, track, colour, theme) {
  g.setTransform(ratio, 0, 0, ratio, 0, 0)
  g.clearRect(0, 0, width, height)
  const x = dbfs => Math.min(1, Math.max(0, (dbfs - FLOOR) / -FLOOR)) * width
  const bar = height - 13 * theme.em
  g.fillStyle = theme.well
  g.fillRect(0, 0, width, bar)
  g.globalAlpha = 0.5
  g.fillStyle = theme.line
  g.fillRect(x(-3), 0, width - x(-3), bar)
  g.globalAlpha = 1
  if (track && Number.isFinite(track.level_dbfs)) {
    g.fillStyle = track.dead ? theme.muted : colour
    g.fillRect(0, 0, x(track.level_dbfs), bar)
  }
  if (track && Number.isFinite(track.peak_dbfs) && track.peak_dbfs > FLOOR) {
    g.fillStyle = track.clipped ? theme.alert : theme.text
    g.fillRect(Math.min(width - 2, x(track.peak_dbfs)), 0, 2, bar)
  }
  g.font = theme.small
  g.textBaseline = "bottom"
  for (const tick of TICKS) {
    const at = Math.min(width - 1, Math.round(x(tick)))
    g.fillStyle = theme.line
    g.fillRect(at, bar, 1, 3)
    g.fillStyle = theme.muted
    g.textAlign = tick === 0 ? "right" : "center"
    g.fillText(String(tick).replace("-", "−"), tick === 0 ? width : at, height)
  }
}
