import { callPath, get } from "../api.js"
import { clean } from "../draw/text.js"
import { Live } from "../live.js"
import { Timeline } from "../model/timeline.js"
import { byId, setHidden, setText } from "../ui/dom.js"
import { inFrame } from "../ui/frame.js"
import { Shell } from "../ui/shell.js"
import { CallHead } from "./call-head.js"
import { EventsPanel } from "./events-panel.js"
import { Instruments } from "./instruments.js"
import { Player } from "./player.js"
import { TimelinePanel } from "./timeline-panel.js"

const STALE_MS = 1_500
const MISSED_MARGIN_S = 30

const id = decodeURIComponent(location.pathname.replace(/^\/calls\//, ""))
const timeline = new Timeline()
const live = new Live()
new Shell(live)
const head = new CallHead(id)
const instruments = new Instruments(byId("instruments"))
const panel = new TimelinePanel(timeline, event => events.choose(event))
const events = new EventsPanel(timeline, event => panel.select(event))
const player = new Player(panel, timeline)
let call = null
let heardAt = 0
/** The start of the timeline to fetch once the socket sends, so that nothing is missed in between. */
let missingFrom = 0

function draw() {
  if (call) {
    head.show(call)
    instruments.show(call)
  }
  panel.draw()
  events.show()
  document.body.classList.toggle("is-stale", call?.state === "active" && performance.now() - heardAt > STALE_MS)
}

const changed = () => inFrame(draw)

/** Applies the state of the call; after its end the page uses the history. */
function applyCall(next) {
  const hasEnded = next.state === "ended" && call?.state !== "ended"
  call = next
  heardAt = performance.now()
  timeline.setDuration(call.duration_s)
  if (call.state === "active") timeline.addJitter(call)
  if (hasEnded) end()
  changed()
}

async function end() {
  const wasFollowed = panel.view.follows
  panel.finish()
  await fetchTimeline(0)
  if (!wasFollowed) panel.view.fit()
  if (call.files?.includes("call.wav")) player.load(call)
  else player.explain("This call has no recording.")
  changed()
}

async function fetchTimeline(from) {
  try {
    timeline.applyTimeline(await get(`${callPath(id)}/timeline`, { from }))
    changed()
  } catch (error) {
    if (error.status !== 404) panel.explain(error.message)
  }
}

async function open() {
  const isFirst = !call
  try {
    const known = await get(callPath(id))
    setHidden(byId("failure"), true)
    setHidden(byId("content"), false)
    const wasHeardAt = heardAt
    applyCall(known)
    if (call.state === "active") heardAt = wasHeardAt
  } catch (error) {
    if (error.status !== 0 && !call) fail(error)
    return
  }
  if (isFirst && call.state === "active") panel.view.follow(true)
}

function fail(error) {
  setHidden(byId("content"), true)
  setHidden(byId("failure"), false)
  const isUnknown = error.status === 404
  setText(byId("failure-title"), isUnknown ? "Unknown call" : "The call cannot be shown")
  setText(byId("failure-detail"), isUnknown
    ? `There is no call ${clean(id, 120)}. Without a store sink only the latest ended calls are kept.`
    : clean(error.message))
}

const isMine = detail => detail.id === id
live.addEventListener("call", ({ detail }) => {
  if (!isMine(detail)) return
  applyCall(detail.call)
  if (missingFrom === null || call.state !== "active") return
  const from = missingFrom
  missingFrom = null
  fetchTimeline(from)
})
live.addEventListener("call_ended", ({ detail }) => { if (detail.call.id === id) applyCall(detail.call) })
live.addEventListener("timeline", ({ detail }) => { if (isMine(detail)) { timeline.addValues(detail); changed() } })
live.addEventListener("spectrum", ({ detail }) => { if (isMine(detail)) { timeline.addSpectrum(detail); changed() } })
live.addEventListener("signal", ({ detail }) => {
  if (detail.event?.subject !== id) return
  timeline.addSignal(detail.event)
  changed()
})
live.addEventListener("missed", ({ detail }) => {
  const since = Math.max(0, timeline.duration - MISSED_MARGIN_S)
  missingFrom = Math.min(missingFrom ?? since, since)
  if (detail.reason === "reconnected") open()
})
live.addEventListener("state", () => { if (live.state === "open" && !call) open() })
addEventListener("themechange", () => { panel.restyle(); instruments.restyle(); changed() })
setInterval(() => {
  if (call?.state !== "active") return
  changed()
  // The socket sends, but nothing about this call: it may have ended unnoticed.
  if (live.state === "open" && performance.now() - heardAt > 2 * STALE_MS) open()
}, 1_000)

head.title()
live.subscribe("call", { call: id, rows: false, spectrum: true, wave: true, log: false })
live.start()
open()
