import { get } from "../api.js"
import { clean, count, number, timeOfDay } from "../draw/text.js"
import { Live } from "../live.js"
import { byId } from "../ui/dom.js"
import { Figures } from "../ui/figures.js"
import { facts, meters } from "../ui/lists.js"
import { Shell } from "../ui/shell.js"
import { CallLog } from "./call-log.js"

const EVERY_MS = 2_000

const live = new Live()
new Shell(live)
const log = new CallLog(live)
const figures = new Figures(byId("figures"), [
  { key: "streams", label: "Open streams" },
  { key: "messages", label: "Messages" },
  { key: "refused", label: "Refused messages" },
  { key: "row", label: "Socket to row p99" },
  { key: "event", label: "Signal delay p99", hint: "From the arrival of the audio that decides a signal to its emission" },
  { key: "lag", label: "Event loop lag" },
  { key: "readers", label: "Subscribers" },
])

function show(status) {
  const { streams, receiver = {}, latency_ms: latency = {}, subscribers = {} } = status
  figures.set("streams", `${count(streams.open)} / ${count(streams.limit)}`, { note: `${count(streams.started)} started` })
  figures.set("messages", count(receiver.messages), { note: `since ${timeOfDay(status.started_at)}` })
  figures.set("refused", count(receiver.refused_messages), { state: receiver.refused_messages ? "warn" : "" })
  figures.set("row", number(latency.socket_to_row_p99, 1, "ms"), { note: `median ${number(latency.socket_to_row_p50, 1)} ms` })
  figures.set("event", number(latency.signal_delay_p99, 0, "ms"))
  figures.set("lag", number(status.event_loop_lag_ms, 1, "ms"))
  figures.set("readers", count((subscribers.events ?? 0) + (subscribers.live ?? 0)), { note: `${count(subscribers.events)} events, ${count(subscribers.live)} live` })
  facts(byId("connections"), [
    ["State", status.state === "draining" ? "Draining" : "Running"],
    ["Open", `${count(streams.open)} of ${count(streams.limit)}`], ["Started", count(streams.started)],
    ["Refused: no room", count(receiver.full), receiver.full > 0], ["Refused: no token", count(receiver.unauthorized), receiver.unauthorized > 0],
    ["Refused: wrong path", count(receiver.not_found), receiver.not_found > 0], ["Refused: web page", count(receiver.forbidden), receiver.forbidden > 0],
    ["Refused: address limit", count((receiver.address_full ?? 0) + (receiver.connections_refused ?? 0)), receiver.address_full + receiver.connections_refused > 0], ...webhooks(status.webhooks),
  ])
  meters(byId("dialects"), entries(receiver.dialects), "No stream yet.")
  meters(byId("errors"), entries(receiver.errors).filter(([, value]) => value > 0), "No errors.", true)
  showSinks(status.sinks ?? [])
}

function webhooks(counts) {
  if (!counts) return []
  const refused = Object.values(counts.refused ?? {}).reduce((sum, value) => sum + value, 0)
  return [["Webhooks", count(counts.accepted)], ["Webhooks refused", count(refused), refused > 0]]
}

const entries = object => Object.entries(object ?? {}).slice(0, 50).sort(([, a], [, b]) => b - a)

/** Records that a sink cannot write are more important than blocks that it lost. */
function noteOf({ refused, failures, records }) {
  if (records?.waiting > 0 || records?.lost > 0) return `${count(records.waiting)} records wait, ${count(records.lost)} lost`
  return `${count(refused)} refused, ${count(failures)} failures`
}

function showSinks(sinks) {
  facts(byId("sinks"), sinks.slice(0, 50).map(sink => [
    clean(sink.name, 40), `${count(sink.waiting)}`,
    sink.refused > 0 || sink.failures > 0 || sink.records?.waiting > 0,
    { share: sink.waiting_bytes / sink.limit_bytes, note: noteOf(sink) },
  ]), "No sinks.")
}

async function poll() {
  if (document.hidden) return
  try {
    show(await get("/v1/status"))
  } catch {
    // The state of the socket shows that the server is unreachable; old values are greyed out.
  }
}

setInterval(poll, EVERY_MS)
live.addEventListener("state", () => { if (live.state === "open") { poll(); log.loadCalls() } })
live.start()
poll()
log.start()
