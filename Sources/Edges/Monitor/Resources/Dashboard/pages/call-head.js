import { nameOf } from "../draw/events.js"
import { clean, clock, side, timeOfDay, displayName } from "../draw/text.js"
import { byId, make, setText } from "../ui/dom.js"

/** The head of a call: endpoints, stream and start. */
export class CallHead {
  constructor(id) {
    this.id = id
    this.shown = ""
  }

  title() {
    setText(byId("call-id"), clean(this.id))
    byId("log-link").href = `/receiver?call=${encodeURIComponent(this.id)}`
  }

  show(call) {
    const stream = call.streams?.[0]
    const alerts = call.alerts ?? []
    const badges = [
      [call.state === "active" ? "Active" : "Ended", call.state === "active" ? "good" : ""],
      ...stream ? [[`${clean(stream.dialect, 24)} · ${clean(stream.codec, 12)} · ${stream.sample_rate_hz / 1000} kHz`, ""]] : [],
      ...call.streams?.length > 1 ? [[`${call.streams.length} streams`, ""]] : [],
      [`started ${timeOfDay(call.started_at)}`, ""],
      ...call.state === "ended" && stream?.reason ? [[`ended: ${displayName(stream.reason)}`, ""]] : [],
      ...call.hold && !alerts.some(alert => nameOf(alert.type).name === "hold_suspected") ? [["On hold", "warn"]] : [],
      ...alerts.slice(0, 4).map(alert => [displayName(nameOf(alert.type).name), alert.severity === "alert" ? "alert" : "warn"]),
    ]
    const key = JSON.stringify([badges, call.from, call.to])
    if (key !== this.shown) {
      this.shown = key
      this.showSides(call.from, call.to)
      byId("badges").replaceChildren(...badges.map(([text, kind]) => make("span", { class: `tag ${kind}`, text })),
        make("span", { class: "call-duration", id: "call-duration" }))
    }
    setText(byId("call-duration"), clock(call.duration_s))
  }
  /** Caller and callee, or the call id if neither is known, for example for a file. */
  showSides(from, to) {
    const sides = from || to ? [side(from, 300), side(to, 300)] : [clean(this.id, 300)]
    const parts = sides.map(text => make("bdi", { text }))
    if (parts.length > 1) {
      parts.unshift(make("span", { class: "sr", text: "Call from " }))
      parts.splice(2, 0, make("span", { class: "arrow", "aria-hidden": "true", text: "→" }), make("span", { class: "sr", text: " to " }))
    }
    byId("call-title").replaceChildren(...parts)
    document.title = `${sides.map(text => text.slice(0, 40)).join(" → ")} · Sidetone`
  }
}
