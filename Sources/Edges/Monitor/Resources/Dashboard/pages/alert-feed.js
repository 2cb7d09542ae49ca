import { pagePath } from "../api.js"
import { nameOf } from "../draw/events.js"
import { clean, clock, timeOfDay, words } from "../draw/text.js"
import { make, setHidden } from "../ui/dom.js"

const MOST = 40
const QUIET = new Set(["stream"])

/** The latest alerts of all calls, newest first. */
export class AlertFeed {
  constructor(list, none, callOf) {
    Object.assign(this, { list, none, callOf })
  }

  take(event) {
    const { name, phase } = nameOf(event?.type)
    if (QUIET.has(name) || phase === "ended" || !event.data) return
    const call = this.callOf(event.subject)
    const severity = event.data.severity === "alert" ? "alert" : "warn"
    this.list.prepend(make("li", {},
      make("time", { class: "feed-time", text: timeOfDay(event.time) }),
      make("span", { class: `tag ${severity}`, text: words(name) }),
      make("a", { href: pagePath(String(event.subject)), text: call ? `${clean(call.from, 40)} → ${clean(call.to, 40)}` : clean(event.subject, 60) }),
      make("span", { class: "feed-detail", text: `${event.data.track ? `${clean(event.data.track, 10)}, ` : ""}at ${clock(event.data.start)}` })))
    while (this.list.childElementCount > MOST) this.list.lastElementChild.remove()
    setHidden(this.none, true)
  }
}
