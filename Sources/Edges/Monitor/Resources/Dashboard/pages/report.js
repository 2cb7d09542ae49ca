import { Timeline } from "../model/timeline.js"
import { byId, setHidden } from "../ui/dom.js"
import { Shell } from "../ui/shell.js"
import { CallHead } from "./call-head.js"
import { EventsPanel } from "./events-panel.js"
import { Instruments } from "./instruments.js"
import { Player } from "./player.js"
import { TimelinePanel } from "./timeline-panel.js"

/** The call page of a report, without server and socket. */
const data = JSON.parse(byId("data").textContent)
const call = withTotals(data.call, data.summary)
const timeline = new Timeline()
new Shell(null)
const head = new CallHead(call.id)
const panel = new TimelinePanel(timeline, event => events.choose(event))
const events = new EventsPanel(timeline, event => panel.select(event))

for (const values of data.tracks) timeline.addValues(values)
for (const spectrum of data.spectra) timeline.addSpectrum(spectrum)
for (const event of data.events) timeline.addSignal(JSON.parse(event))
timeline.setDuration(call.duration_s)
head.title()
head.show(call)
const instruments = new Instruments(byId("instruments"))
instruments.show(call)
panel.finish()
panel.view.fit()
panel.draw()
events.show()
setHidden(byId("log-link"), true)
if (data.audio) new Player(panel, timeline).open(`data:audio/wav;base64,${data.audio}`)
addEventListener("themechange", () => {
  panel.restyle()
  instruments.restyle()
})

/** The call in the format of the live page, from the members of summary.json. */
function withTotals(known, summary) {
  const { totals, tracks } = summary
  const each = read => Object.fromEntries(["inbound", "outbound"].map(track => [track, read(track)]))
  const seconds = totals ? each(track => totals[track]?.response_latency_median_seconds) : {}
  return {
    ...known,
    totals,
    files: [],
    tracks: Object.fromEntries(Object.entries(tracks).map(([track, { gaps }]) => [track, { gaps }])),
    overtalk_s: totals?.overtalk_seconds,
    talk_share: totals && each(track => totals[track]?.talk_share),
    interruptions: totals && each(track => totals[track]?.interruptions),
    response_latency_ms: totals && each(track => (Number.isFinite(seconds[track]) ? seconds[track] * 1000 : null)),
  }
}
