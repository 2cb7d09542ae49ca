import { pagePath } from "../api.js"
import { nameOf } from "../draw/events.js"
import { clean, clock, side, timeOfDay, displayName } from "../draw/text.js"
import { make, setHidden } from "../ui/dom.js"

const MAX_ITEMS = 40
const QUIET = new Set(["stream"])

function timeAt(started, seconds) {
  const time = new Date(Date.parse(started) + seconds * 1000)
  return Number.isNaN(time.getTime()) ? "" : time.toISOString()
}

/** The latest alerts of all calls, newest first. */
export class AlertFeed {
  constructor(list, none, callOf) {
    Object.assign(this, { list, none, callOf })
    this.known = new Set()
  }

  /** Adds the alerts that are already open when the page loads. */
  addOpen(calls) {
    const events = calls.flatMap(call => (call.alerts ?? []).map(({ type, track, start, severity }) => ({
      type: `sidetone.${type}.started.v1`, subject: call.id, data: { track, start, severity },
      time: timeAt(call.started_at, start),
    })))
    for (const event of events.sort((a, b) => (a.time < b.time ? -1 : 1)).slice(-MAX_ITEMS)) this.add(event)
  }

  add(event) {
    const { name, phase } = nameOf(event?.type)
    if (QUIET.has(name) || phase === "ended" || !event.data) return
    const severity = event.data.severity === "alert" ? "alert" : "warn"
    // It was open when the page loaded; reported again with higher severity, it is new.
    const key = JSON.stringify([event.subject, name, event.data.track ?? null, event.data.start, severity])
    if (this.known.has(key)) return
    if (this.known.size >= 10 * MAX_ITEMS) this.known.clear()
    this.known.add(key)
    const call = this.callOf(event.subject)
    this.list.prepend(make("li", {},
      make("time", { class: "feed-time", text: timeOfDay(event.time) }),
      make("span", { class: `tag ${severity}`, text: displayName(name) }),
      make("a", { href: pagePath(String(event.subject)), text: call ? `${side(call.from, 40)} → ${side(call.to, 40)}` : clean(event.subject, 60) }),
      make("span", { class: "feed-detail", text: `${event.data.track ? `${clean(event.data.track, 10)}, ` : ""}at ${clock(event.data.start)}` })))
    while (this.list.childElementCount > MAX_ITEMS) this.list.lastElementChild.remove()
    setHidden(this.none, true)
  }
}
