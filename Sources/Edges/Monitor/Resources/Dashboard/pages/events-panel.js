import { clean, clock, number, timeOfDay, displayName } from "../draw/text.js"
import { byId, make, setHidden, setText } from "../ui/dom.js"
import { Grid } from "../ui/grid.js"

const TRACKS = { inbound: "In", outbound: "Out" }
const FILTERS = {
  all: () => true,
  notable: event => !["speech", "turn", "stream"].includes(event.name),
  alerts: event => Boolean(event.severity),
}

/** The events of the call as a table, and the details of the selected one: a text version of the canvas. */
export class EventsPanel {
  constructor(timeline, select) {
    this.timeline = timeline
    this.select = select
    this.filter = "notable"
    this.chosen = null
    this.grid = new Grid(byId("events"), { makeRow, fillRow, keyOf: event => event.key, open: event => this.choose(event, true) })
    byId("event-filter").addEventListener("change", event => {
      this.filter = event.target.value
      this.version = null
      this.show()
    })
  }

  /** Updates the table from the timeline. */
  show() {
    const { list } = this.timeline
    if (this.version === list.version) return
    this.version = list.version
    const shown = list.events.filter(FILTERS[this.filter]).reverse()
    this.grid.setItems(shown)
    setHidden(byId("events-empty"), shown.length > 0)
    setText(byId("events-shown"), `${shown.length} of ${list.events.length}`)
    if (this.chosen) this.showDetails(this.chosen)
  }

  choose(event, hasFocus = false) {
    this.chosen = event
    this.select(event)
    this.grid.activeKey = event.key
    this.grid.changed()
    this.showDetails(event)
    if (!hasFocus) byId("details").focus({ preventScroll: innerWidth > 900 })
    setText(byId("announcer"), `${displayName(event.name)}${event.track ? `, ${event.track}` : ""}, at ${clock(event.start, true)}`)
  }

  close() {
    this.chosen = null
    this.select(null)
    setHidden(byId("details"), true)
    byId("events").focus()
  }

  showDetails(event) {
    const rows = [
      ["Track", event.track ?? "both"],
      ["Start", `${number(event.start, 3)} s (${clock(event.start, true)})`],
      ["End", event.end === null ? "not yet" : event.moment && event.end === event.start ? "a moment" : `${number(event.end, 3)} s`],
      ["Length", lengthOf(event)],
      ...Object.entries(event.values).slice(0, 40).map(([name, value]) => [displayName(name), valueText(value)]),
      ["Local time", timeOfDay(event.time, true)],
      ["Time", clean(event.time, 40) || "–"],
      ["Event id", clean(event.id, 120)],
    ]
    const close = make("button", { type: "button", class: "button quiet", text: "Close", onclick: () => this.close() })
    byId("details").replaceChildren(
      make("div", { class: "details-head" }, make("h3", { text: displayName(event.name) }), severity(event), close),
      make("dl", { class: "facts" }, ...rows.flatMap(([name, value]) => [make("dt", { text: name }), make("dd", { text: value })])))
    setHidden(byId("details"), false)
  }
}

function severity(event) {
  return event.severity ? make("span", { class: `tag ${event.severity === "alert" ? "alert" : "warn"}`, text: displayName(event.severity) }) : null
}

function valueText(value) {
  if (typeof value === "number") return number(value, Number.isInteger(value) ? 0 : 3)
  return clean(typeof value === "object" ? JSON.stringify(value) : value)
}

function lengthOf(event) {
  if (event.end === null) return "open"
  return event.end === event.start ? "–" : number(event.end - event.start, 2, "s")
}

function makeRow() {
  const cell = (name, ...children) => make("div", { role: "gridcell", class: `cell ${name}` }, ...children)
  const row = make("div", { role: "row", class: "row" }, cell("c-time"), cell("c-name"), cell("c-track"), cell("c-length"))
  row.cells = [...row.children]
  return row
}

function fillRow(row, event) {
  const [time, name, track, length] = row.cells
  setText(time, clock(event.start, true))
  setText(name, `${displayName(event.name)}${detailOf(event)}`)
  setText(track, event.track ? TRACKS[event.track] ?? clean(event.track, 10) : "–")
  const latency = event.values.latency_s
  setText(length, Number.isFinite(latency) ? number(latency * 1000, 0, "ms") : lengthOf(event))
  row.dataset.track = event.track ?? ""
  row.dataset.severity = event.severity ?? ""
}

/** The most informative value. */
function detailOf(event) {
  const { digit, kind, cause, reason } = event.values
  const value = digit ?? kind ?? cause ?? reason
  return value === undefined ? "" : ` ${clean(value, 24)}`
}
