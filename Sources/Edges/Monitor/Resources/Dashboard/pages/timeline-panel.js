import { allLanes } from "../draw/all.js"
import { sizeCanvas } from "../draw/canvas.js"
import { drawOverlay } from "../draw/overlay.js"
import { Stack } from "../draw/stack.js"
import { clock, displayName } from "../draw/text.js"
import { themeOf } from "../draw/theme.js"
import { View } from "../draw/view.js"
import { byId, setText } from "../ui/dom.js"
import { inFrame } from "../ui/frame.js"
import { isDark } from "../ui/theme.js"
import { listen } from "./timeline-input.js"

/** The lanes of a call on their canvases, with the view, the selection and the playback position. */
export class TimelinePanel {
  constructor(timeline, chosen) {
    this.timeline = timeline
    this.chosen = chosen
    this.stack = new Stack(allLanes())
    this.view = new View(30)
    this.marks = { selected: null, pointer: null, playing: null, edge: null, duration: 0 }
    this.isLive = true
    this.seek = null
    this.base = byId("base").getContext("2d", { alpha: false })
    this.labels = byId("labels").getContext("2d")
    this.overlay = byId("overlay").getContext("2d")
    this.draw = this.draw.bind(this)
    this.restyle()
    new ResizeObserver(() => this.measure()).observe(byId("lanes"))
    listen(this)
  }

  restyle() {
    this.theme = themeOf(byId("lanes"), isDark())
    this.measure()
  }

  measure() {
    const ratio = devicePixelRatio
    const width = byId("plot").clientWidth
    this.labelWidth = byId("label-column").clientWidth
    this.stack.layout(byId("lanes").clientHeight, this.theme.em)
    const { height } = this.stack
    sizeCanvas(byId("base"), width, height, ratio)
    sizeCanvas(byId("overlay"), width, height, ratio)
    sizeCanvas(byId("labels"), this.labelWidth, height, ratio)
    this.view.resize(width, ratio)
    this.hasLabels = false
    this.marksShown = null
    this.changed()
  }

  changed() { inFrame(this.draw) }

  /** Called when the user moved the view. */
  moved() {
    byId("follow").setAttribute("aria-pressed", String(this.view.follows))
    this.changed()
  }

  draw() {
    const { timeline, view, stack, theme, marks } = this
    view.setLimit(timeline.duration)
    stack.paint(byId("base"), this.base, view, timeline, theme, timeline.changed)
    timeline.settled()
    const labelKey = `${timeline.tracks.inbound.spectrum.highHz}`
    if (this.hasLabels !== labelKey && this.labelWidth) {
      stack.paintLabels(this.labels, this.labelWidth, view.ratio, timeline, theme)
      this.hasLabels = labelKey
    }
    marks.duration = timeline.duration
    marks.edge = this.isLive ? timeline.duration : null
    this.drawMarks()
    setText(byId("range"), `${clock(view.from, view.span < 60)} to ${clock(Math.min(view.to, timeline.duration), view.span < 60)}`)
  }

  /** Repaints the overlay if it changed; while a live call is followed, it rarely does. */
  drawMarks() {
    const { view, marks } = this
    const pixel = time => (time === null ? null : Math.round(view.x(time)))
    const { selected, pointer, playing, edge } = marks
    const key = JSON.stringify([pixel(edge), pixel(pointer), pointer, playing, view.width, view.ratio, this.stack.height, this.theme.text,
      selected && [pixel(selected.start), pixel(selected.end ?? marks.duration)]])
    if (key === this.marksShown) return
    this.marksShown = key
    drawOverlay(this.overlay, view, this.stack.height, marks, this.theme)
  }

  /** Highlights the selected event and scrolls it into view. */
  select(event) {
    this.marks.selected = event
    if (event) this.view.reveal(event.start, event.end ?? this.timeline.duration)
    this.moved()
  }

  /** Selects the event before or after the selected one, or the one nearest to the middle of the view. */
  step(direction) {
    const events = this.timeline.events.filter(event => event.name !== "speech" && event.name !== "turn")
    if (!events.length) return
    const selected = events.indexOf(this.marks.selected)
    const middle = this.view.from + this.view.span / 2
    const nearest = events.findIndex(event => event.start >= middle)
    const index = selected >= 0 ? selected + direction : nearest < 0 ? events.length - 1 : nearest
    const event = events[Math.min(events.length - 1, Math.max(0, index))]
    this.select(event)
    setText(byId("announcer"), `${displayName(event.name)}${event.track ? `, ${event.track}` : ""}, at ${clock(event.start, true)}`)
  }

  /** Stops following when the call has ended. */
  finish() {
    this.isLive = false
    this.view.follow(false)
    byId("follow").hidden = true
    this.stack.invalidate()
  }

  explain(message) { setText(byId("announcer"), message) }
}
