import { pagePath } from "../api.js"
import { nameOf } from "../draw/events.js"
import { clean, clock, number, timeOfDay, words } from "../draw/text.js"
import { durationOf, gapsOf } from "../model/calls.js"
import { make, setAttribute, setClass, setText } from "../ui/dom.js"

const FLOOR = -60
const SPEAKING = { none: "–", inbound: "Inbound", outbound: "Outbound", both: "Both" }

/** An empty row of the table of calls. */
export function makeRow() {
  const link = make("a", { class: "call-link", tabindex: "-1" })
  const detail = make("span", { class: "call-detail" })
  const alerts = make("span", { class: "alert-list" })
  const row = make("div", { role: "row", class: "row" },
    cell("c-call", link, detail), cell("c-speaking"), cell("c-duration"),
    levelCell("inbound"), levelCell("outbound"),
    cell("c-silence"), cell("c-gaps"), cell("c-started"), cell("c-alerts", alerts))
  row.parts = { link, detail, alerts, cells: [...row.children] }
  return row
}

function cell(name, ...children) { return make("div", { role: "gridcell", class: `cell ${name}` }, ...children) }

function levelCell(track) {
  const bar = make("span", { class: `bar ${track}` })
  const value = make("span", { class: "level-value" })
  const element = cell("c-level", make("span", { class: "meter", "aria-hidden": "true" }, bar), value)
  element.parts = { bar, value }
  return element
}

/** Shows a call in a row; what did not change is left alone. */
export function fillRow(row, call, now) {
  const { link, detail, alerts, cells } = row.parts
  const [, speaking, duration, inbound, outbound, silence, gaps, started] = cells
  if (row.call !== call) {
    row.call = call
    setText(link, `${clean(call.from, 60) || "unknown"} → ${clean(call.to, 60) || "unknown"}`)
    setAttribute(link, "href", pagePath(call.id))
    setAttribute(link, "title", clean(call.id))
    const stream = call.streams?.[0]
    setText(detail, `${stream ? `${clean(stream.dialect, 24)} ${clean(stream.codec, 12)} · ` : ""}${clean(call.id, 80)}`)
    setText(started, timeOfDay(call.started_at))
    setText(gaps, String(gapsOf(call)))
    setClass(gaps, "is-off", gapsOf(call) > 0)
    alerts.replaceChildren(...badges(call))
  }
  const isActive = call.state === "active"
  setText(speaking, isActive ? SPEAKING[call.speaking] ?? "–" : "Ended")
  setAttribute(speaking, "data-speaking", isActive ? call.speaking ?? "none" : "none")
  setText(duration, clock(durationOf(call, now)))
  fillLevel(inbound, call.tracks.inbound, isActive)
  fillLevel(outbound, call.tracks.outbound, isActive)
  setText(silence, call.silence_s >= 1 && isActive ? number(call.silence_s, 0, "s") : "–")
  setClass(silence, "is-off", call.silence_s >= 5)
  if (alerts.childElementCount === 0 && call.alertCount > 0) alerts.replaceChildren(make("span", { class: "tag warn", text: String(call.alertCount) }))
}

function fillLevel(cell, track, isActive) {
  const { bar, value } = cell.parts
  const level = isActive ? track?.level_dbfs : undefined
  const share = Number.isFinite(level) ? Math.round(Math.min(1, Math.max(0, (level - FLOOR) / -FLOOR)) * 48) / 48 : 0
  if (bar.share !== share) {
    bar.share = share
    bar.style.transform = `scaleX(${share})`
  }
  setClass(bar, "is-quiet", !track?.speech)
  setText(value, track && isActive ? number(level, 0) : "–")
}

function badges(call) {
  const alerts = call.alerts ?? []
  const hold = call.hold && !alerts.some(alert => alert.type?.includes("hold")) ? [make("span", { class: "tag", text: "On hold" })] : []
  const shown = alerts.slice(0, 2).map(alert => make("span", {
    class: `tag ${alert.severity === "alert" ? "alert" : "warn"}`, text: words(nameOf(alert.type).name),
  }))
  if (alerts.length > 2) shown.push(make("span", { class: "tag warn", text: `+${alerts.length - 2}` }))
  return [...hold, ...shown]
}
