import { pagePath } from "../api.js"
import { nameOf } from "../draw/events.js"
import { clean, clock, number, side, timeOfDay, displayName } from "../draw/text.js"
import { durationOf, gapsOf } from "../model/calls.js"
import { make, setAttribute, setClass, setHidden, setText } from "../ui/dom.js"

const FLOOR = -60
const SHOWN_ALERTS = 1
const SPEAKING = { none: "–", inbound: "Inbound", outbound: "Outbound", both: "Both" }

/** An empty row of the table of calls. */
export function makeRow() {
  const link = make("a", { class: "call-link", tabindex: "-1" })
  const detail = make("span", { class: "call-detail" })
  const tags = Array.from({ length: SHOWN_ALERTS + 2 }, () => make("span", { class: "tag", hidden: true }))
  const alerts = make("span", { class: "alert-list" }, ...tags)
  const row = make("div", { role: "row", class: "row" },
    cell("c-call", link, detail), cell("c-speaking"), cell("c-duration"),
    levelCell("inbound"), levelCell("outbound"),
    cell("c-silence"), cell("c-gaps"), cell("c-started"), cell("c-alerts", alerts))
  row.parts = { link, detail, tags, cells: [...row.children] }
  return row
}

function cell(name, ...children) { return make("div", { role: "gridcell", class: `cell ${name}` }, ...children) }

function levelCell(track) {
  const meter = make("span", { class: `meter ${track}`, "aria-hidden": "true" })
  const value = make("span", { class: "level-value" })
  const element = cell("c-level", meter, value)
  element.parts = { meter, value }
  return element
}

/** Shows a call in a row; unchanged cells are not touched. */
export function fillRow(row, call, now) {
  const { link, detail, tags, cells } = row.parts
  const [, speaking, duration, inbound, outbound, silence, gaps, started] = cells
  if (row.call !== call) {
    row.call = call
    setText(link, `${side(call.from)} → ${side(call.to)}`)
    setAttribute(link, "href", pagePath(call.id))
    setAttribute(link, "title", clean(call.id))
    const stream = call.streams?.[0]
    setText(detail, `${stream ? `${clean(stream.dialect, 24)} ${clean(stream.codec, 12)} · ` : ""}${clean(call.id, 80)}`)
    setText(started, timeOfDay(call.started_at))
    setText(gaps, String(gapsOf(call)))
    setClass(gaps, "is-off", gapsOf(call) > 0)
    row.badges = badges(call)
    showTags(tags, row.badges)
  }
  const isActive = call.state === "active"
  setText(speaking, isActive ? SPEAKING[call.speaking] ?? "–" : "Ended")
  setAttribute(speaking, "data-speaking", isActive ? call.speaking ?? "none" : "none")
  setText(duration, clock(durationOf(call, now)))
  fillLevel(inbound, call.tracks.inbound, isActive)
  fillLevel(outbound, call.tracks.outbound, isActive)
  setText(silence, call.silence_s >= 1 && isActive ? number(call.silence_s, 0, "s") : "–")
  setClass(silence, "is-off", call.silence_s >= 5)
  if (row.badges.length === 0) showTags(tags, call.alertCount > 0 ? [["tag warn", String(call.alertCount)]] : [])
}

/** Tags are reused: creating elements is expensive while the table scrolls. */
function showTags(tags, badges) {
  tags.forEach((tag, place) => {
    const badge = badges[place]
    setHidden(tag, !badge)
    if (!badge) return
    if (tag.className !== badge[0]) tag.className = badge[0]
    setText(tag, badge[1])
  })
}

function fillLevel(cell, track, isActive) {
  const { meter, value } = cell.parts
  const level = isActive ? track?.level_dbfs : undefined
  const share = Number.isFinite(level) ? Math.round(Math.min(1, Math.max(0, (level - FLOOR) / -FLOOR)) * 48) / 48 : 0
  if (meter.share !== share) {
    meter.share = share
    meter.style.backgroundSize = `${share * 100}% 100%`
  }
  setClass(meter, "is-quiet", !track?.speech)
  setText(value, track && isActive ? number(level, 0) : "–")
}

function badges(call) {
  // One per kind, whatever its track; the most severe first.
  const kinds = new Map()
  for (const alert of call.alerts ?? []) if (!kinds.has(alert.type) || alert.severity === "alert") kinds.set(alert.type, alert)
  const alerts = [...kinds.values()].sort((a, b) => (b.severity === "alert") - (a.severity === "alert"))
  const hold = call.hold && !alerts.some(alert => alert.type?.includes("hold")) ? [["tag", "On hold"]] : []
  const shown = alerts.slice(0, SHOWN_ALERTS).map(alert => [`tag ${alert.severity === "alert" ? "alert" : "warn"}`, displayName(nameOf(alert.type).name)])
  if (alerts.length > SHOWN_ALERTS) shown.push(["tag warn", `+${alerts.length - SHOWN_ALERTS}`])
  return [...hold, ...shown]
}
