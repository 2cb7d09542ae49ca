import { callPath, get, pagePath } from "../api.js"
import { clean, side, timeOfDay } from "../draw/text.js"
import { byId, make, setHidden, setText } from "../ui/dom.js"
import { inFrame } from "../ui/frame.js"

const LOGS = ["answer", "receiver", "webhook"]
const MAX_ITEMS = 2_000
const MAX_VALUES = 12

/** The logs of one call in chronological order: served documents, receiver events and webhooks. */
export class CallLog {
  constructor(live) {
    this.live = live
    this.id = new URLSearchParams(location.search).get("call") ?? ""
    this.entries = []
    this.seen = new Set()
    this.hidden = new Set()
    this.show = this.show.bind(this)
    byId("call").addEventListener("change", event => this.choose(event.target.value))
    for (const button of document.querySelectorAll("[data-log]")) button.addEventListener("click", () => this.toggle(button))
    live.addEventListener("log", ({ detail }) => { if (detail.id === this.id) this.add([detail.entry]) })
    live.addEventListener("call_started", () => this.loadCalls())
    live.addEventListener("missed", () => this.load())
  }

  start() {
    this.live.subscribe("active_calls", { active_calls: true })
    this.loadCalls()
    if (this.id) this.choose(this.id)
  }

  async loadCalls() {
    try {
      this.showCalls((await get("/v1/calls", { state: "all", limit: 100 })).calls)
    } catch {
      // The top of the page shows the state of the connection; the list is unchanged.
    }
  }

  showCalls(calls) {
    const select = byId("call")
    const options = calls.map(call => [call.id, `${timeOfDay(call.started_at)}  ${side(call.from, 24)} → ${side(call.to, 24)}  ${clean(call.id, 24)}`])
    if (this.id && !options.some(([id]) => id === this.id)) options.unshift([this.id, clean(this.id, 60)])
    select.replaceChildren(make("option", { value: "", text: "Select a call" }), ...options.map(([id, text]) => make("option", { value: id, text })))
    select.value = this.id
  }

  async choose(id) {
    if (this.id && this.id !== id) this.live.unsubscribe("log", { call: this.id })
    this.id = id
    this.entries = []
    this.seen.clear()
    history.replaceState(null, "", id ? `?call=${encodeURIComponent(id)}` : location.pathname)
    setHidden(byId("open-call"), !id)
    if (id) {
      byId("open-call").href = pagePath(id)
      this.live.subscribe("log", { call: id, rows: false, spectrum: false, wave: false, log: true })
    }
    this.show()
    await this.load()
  }

  async load() {
    const { id } = this
    if (!id) return
    this.state = "loading"
    this.show()
    try {
      const body = await get(`${callPath(id)}/log`)
      if (this.id !== id) return
      this.state = "loaded"
      this.add(body.entries)
    } catch (error) {
      if (this.id !== id) return
      this.state = error.message
    }
    inFrame(this.show)
  }

  add(entries) {
    for (const entry of entries ?? []) {
      const key = `${entry.time}|${entry.log}|${entry.event}|${JSON.stringify(entry.values ?? {})}`
      if (this.seen.has(key)) continue
      this.seen.add(key)
      this.entries.push({ ...entry, at: Date.parse(entry.time) })
    }
    this.entries.sort((a, b) => a.at - b.at)
    if (this.entries.length > MAX_ITEMS) this.entries.splice(0, this.entries.length - MAX_ITEMS)
    inFrame(this.show)
  }

  toggle(button) {
    const { log } = button.dataset
    if (!this.hidden.delete(log)) this.hidden.add(log)
    button.setAttribute("aria-pressed", String(!this.hidden.has(log)))
    this.show()
  }

  show() {
    const shown = this.entries.filter(entry => !this.hidden.has(entry.log))
    const first = this.entries[0]?.at
    byId("log-body").replaceChildren(...shown.map((entry, i) => line(entry, first, shown[i - 1])))
    setHidden(byId("log"), shown.length === 0)
    setHidden(byId("log-empty"), shown.length > 0)
    setText(byId("log-shown"), this.id && shown.length ? `${shown.length} entries` : "")
    const [title, detail] = this.emptyText()
    setText(byId("log-empty-title"), title)
    setText(byId("log-empty-detail"), detail)
  }

  emptyText() {
    if (!this.id) return ["No call selected", "Select a call to see its served documents, receiver events and webhooks in chronological order."]
    if (this.state === "loading") return ["Loading", "Loading the logs of this call."]
    if (this.state !== "loaded") return ["The logs cannot be read", clean(this.state)]
    return this.entries.length ? ["No entries in the selected logs", "Select more logs above."] : ["No entries", "No log contains an entry for this call."]
  }
}

/** One row, with the entry in the column of its log. */
function line(entry, first, before) {
  const seconds = (entry.at - first) / 1000
  const isPause = before && entry.at - before.at > 5_000
  return make("tr", { class: isPause ? "after-pause" : "", "data-log": clean(entry.log, 12) },
    make("th", { scope: "row", class: "l-time" }, make("time", { datetime: clean(entry.time, 40), text: timeOfDay(entry.time, true) }),
      make("span", { class: "l-offset", text: Number.isFinite(seconds) ? `+${seconds.toFixed(3)} s` : "" })),
    ...LOGS.map(log => make("td", { class: log === entry.log ? `l-entry ${log}` : "l-none" }, ...log === entry.log ? [content(entry)] : [])))
}

function content(entry) {
  const values = Object.entries(entry.values ?? {}).slice(0, MAX_VALUES)
  return make("div", { class: "l-card" }, make("span", { class: "l-log", text: clean(entry.log, 12) }), make("code", { class: "l-event", text: clean(entry.event, 80) }),
    make("span", { class: "l-values" }, ...values.flatMap(([name, value]) => [
      make("span", { class: "l-name", text: clean(name, 40) }), make("bdi", { class: "l-value", text: clean(typeof value === "object" ? JSON.stringify(value) : value) })])))
}
