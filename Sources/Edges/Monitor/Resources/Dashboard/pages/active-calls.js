import { get, pagePath } from "../api.js"
import { count, number } from "../draw/text.js"
import { Live } from "../live.js"
import { Calls, gapsOf, selected } from "../model/calls.js"
import { byId, setHidden, setText } from "../ui/dom.js"
import { Figures } from "../ui/figures.js"
import { inFrame } from "../ui/frame.js"
import { Grid } from "../ui/grid.js"
import { Shell } from "../ui/shell.js"
import { AlertFeed } from "./alert-feed.js"
import { fillRow, makeRow } from "./call-row.js"

const SORT_EVERY_MS = 1_000
const MAX_ENDED = 2_000

const live = new Live()
new Shell(live)
const calls = new Calls()
const ended = { calls: [], next: null, isLoading: false, error: null, isLoaded: false }
const choice = { list: "active", sort: "started", descending: true, filter: "all", query: "" }
const feed = new AlertFeed(byId("alerts"), byId("no-alerts"), id => calls.byID.get(id))
const figures = new Figures(byId("figures"), [
  { key: "calls", label: "Active calls" },
  { key: "admission", label: "Admission", hint: "Open streams of the maximum" },
  { key: "alerts", label: "Calls with alerts" },
  { key: "gaps", label: "Gaps", hint: "Gaps in the media of the active calls" },
  { key: "cpu", label: "CPU" },
  { key: "queue", label: "Worst queue age", hint: "Age of the oldest block queued for a sink" },
  { key: "latency", label: "Socket to row p99" },
])
const grid = new Grid(byId("calls"), {
  makeRow, keyOf: call => call.id, open: call => location.assign(pagePath(call.id)),
  fillRow: (row, call) => fillRow(row, call, performance.now()),
})
let isLoaded = false

function refresh() {
  const source = choice.list === "active" ? [...calls.byID.values()] : ended.calls
  const shown = selected(source, choice)
  grid.setItems(shown)
  setText(byId("count-active"), isLoaded ? count(calls.byID.size) : "–")
  setText(byId("shown"), shown.length === source.length ? "" : `${count(shown.length)} of ${count(source.length)}`)
  showEmpty(source.length, shown.length)
}

function showEmpty(all, shown) {
  setHidden(byId("empty"), shown > 0)
  if (shown > 0) return
  const [title, detail] = emptyText(all)
  setText(byId("empty-title"), title)
  setText(byId("empty-detail"), detail)
}

function emptyText(all) {
  if (all > 0) return ["No call matches", "Clear the filter to see all calls."]
  if (choice.list === "ended") {
    if (ended.error) return ["The history cannot be read", ended.error.message]
    return ended.isLoaded ? ["No ended calls", "Calls appear here once they have ended."] : ["Loading", "Loading the ended calls."]
  }
  if (live.state === "refused") return ["No access", "See the message at the top of the page."]
  if (!isLoaded) return live.state === "lost" ? ["No connection", "Calls appear once the server responds."] : ["Connecting", "Waiting for the server."]
  return ["No active calls", "A call appears here once a platform opens a stream."]
}

function showTotals() {
  const all = [...calls.byID.values()]
  const alerting = all.filter(call => call.alertCount > 0).length
  const gaps = all.reduce((sum, call) => sum + gapsOf(call), 0)
  figures.set("calls", isLoaded ? count(all.length) : "–")
  figures.set("alerts", isLoaded ? count(alerting) : "–", { state: alerting ? "warn" : "" })
  figures.set("gaps", isLoaded ? count(gaps) : "–", { state: gaps ? "warn" : "" })
}

function showStatus(status) {
  const { streams, receiver = {}, state } = status
  const share = streams.open / streams.limit
  figures.set("admission", `${count(streams.open)} / ${count(streams.limit)}`, {
    note: state === "draining" ? "draining: no new streams" : receiver.full ? `${count(receiver.full)} refused` : "open",
    state: state === "draining" || share >= 1 ? "alert" : share > 0.8 ? "warn" : "",
  })
  figures.set("cpu", number(status.cpu_percent, 0, "%"), { note: `${number(status.memory_mb, 0)} MB`, state: status.cpu_percent > 160 ? "warn" : "" })
  figures.set("queue", number(status.worst_queue_age_ms, 0, "ms"), { state: status.worst_queue_age_ms > 1000 ? "alert" : status.worst_queue_age_ms > 250 ? "warn" : "" })
  figures.set("latency", number(status.latency_ms?.socket_to_row_p99, 1, "ms"), { note: `loop lag ${number(status.event_loop_lag_ms, 1)} ms` })
}

async function loadEnded() {
  if (ended.isLoading) return
  ended.isLoading = true
  try {
    const page = await get("/v1/calls", { state: "ended", limit: 200, cursor: ended.next })
    const known = new Set(ended.calls.map(call => call.id))
    for (const call of page.calls) if (!known.has(call.id)) ended.calls.push({ tracks: {}, alertCount: call.alerts?.length ?? 0, ...call })
    ended.next = ended.calls.length < MAX_ENDED ? page.next : null
    Object.assign(ended, { error: null, isLoaded: true })
  } catch (error) {
    ended.error = error
  }
  ended.isLoading = false
  refresh()
}

function choose(name, value) {
  choice[name] = value
  if (name === "list" && value === "ended") {
    Object.assign(ended, { calls: [], next: null, isLoaded: false })
    loadEnded()
  }
  for (const button of document.querySelectorAll(`[data-${name}]`)) button.setAttribute("aria-pressed", String(button.dataset[name] === value))
  document.body.dataset.list = choice.list
  grid.body.scrollTop = 0
  refresh()
}

function sortBy(column) {
  const first = column !== "call"
  choice.descending = choice.sort === column ? !choice.descending : first
  choice.sort = column
  showSort()
  refresh()
}

function showSort() {
  for (const button of document.querySelectorAll("[data-sort]")) {
    const isSorted = button.dataset.sort === choice.sort
    button.parentElement.setAttribute("aria-sort", isSorted ? (choice.descending ? "descending" : "ascending") : "none")
  }
}

for (const name of ["list", "filter"]) {
  for (const button of document.querySelectorAll(`[data-${name}]`)) button.addEventListener("click", () => choose(name, button.dataset[name]))
}
for (const button of document.querySelectorAll("[data-sort]")) button.addEventListener("click", () => sortBy(button.dataset.sort))
byId("query").addEventListener("input", event => { choice.query = event.target.value; refresh() })
grid.body.addEventListener("scroll", () => {
  const { scrollTop, clientHeight, scrollHeight } = grid.body
  if (choice.list === "ended" && ended.next && scrollTop + clientHeight > scrollHeight - 400) loadEnded()
}, { passive: true })

const changed = () => inFrame(refreshAll)
const refreshAll = () => { refresh(); showTotals() }
live.addEventListener("active_calls", ({ detail }) => {
  isLoaded = true
  calls.replace(detail.calls ?? [])
  feed.addOpen(detail.calls ?? [])
  if (detail.status) showStatus(detail.status)
  changed()
})
live.addEventListener("status", ({ detail }) => { if (!document.hidden) showStatus(detail.status) })
live.addEventListener("levels", ({ detail }) => {
  for (const entry of detail.calls ?? []) calls.level(entry)
  if (choice.list === "active") grid.changed()
})
for (const type of ["call_started", "call_changed"]) live.addEventListener(type, ({ detail }) => { calls.put(detail.call); changed() })
live.addEventListener("call_ended", ({ detail }) => { calls.remove(detail.call.id); changed() })
live.addEventListener("signal", ({ detail }) => feed.add(detail.event))
live.addEventListener("state", () => inFrame(refresh))
live.addEventListener("missed", ({ detail }) => { if (detail.reason !== "reconnected") live.subscribe("active_calls", { active_calls: true }) })
setInterval(() => { if (!document.hidden && choice.list === "active") inFrame(refreshAll) }, SORT_EVERY_MS)

showSort()
refresh()
live.subscribe("active_calls", { active_calls: true })
live.start()
