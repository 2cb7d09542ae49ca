import { sizeCanvas } from "../draw/canvas.js"
import { drawMeter } from "../draw/meter.js"
import { number, percent } from "../draw/text.js"
import { themeOf } from "../draw/theme.js"
import { make, setAttribute, setHidden, setText } from "../ui/dom.js"
import { isDark } from "../ui/theme.js"

const TRACKS = ["inbound", "outbound"]
const NAMES = { inbound: "Inbound", outbound: "Outbound" }
const MARKS = { clipped: "Clipping", low: "Low", dead: "Dead" }

/** Level meters, talk share, silence and other figures of a call. */
export class Instruments {
  constructor(root) {
    this.root = root
    this.meters = Object.fromEntries(TRACKS.map(track => [track, this.makeMeter(track)]))
    this.silence = this.makeTile("Silence", "silence")
    this.share = this.makeShare()
    this.pairs = {
      latency: this.makePair("Response latency", "ms"),
      interruptions: this.makePair("Interruptions", ""),
      network: this.makePair("Arrival jitter", "ms"),
      gaps: this.makePair("Gaps", ""),
    }
    this.overtalk = this.makeTile("Overtalk", "overtalk")
    this.restyle()
    new ResizeObserver(() => this.resize()).observe(root)
  }

  makeMeter(track) {
    const canvas = make("canvas", { role: "img", class: "meter-canvas" })
    const value = make("span", { class: "meter-value" })
    const marks = Object.entries(MARKS).map(([key, text]) => [key, make("span", { class: `tag ${key === "low" ? "warn" : "alert"}`, text, hidden: true })])
    const speaks = make("span", { class: `speaks ${track}`, text: "speaks" })
    this.root.append(make("div", { class: "tile meter-tile" },
      make("div", { class: "tile-head" }, make("h2", { class: `tile-title ${track}`, text: NAMES[track] }), speaks, ...marks.map(([, tag]) => tag), value), make("div", { class: "meter-frame" }, canvas)))
    return { canvas, value, speaks, marks: Object.fromEntries(marks), g: canvas.getContext("2d") }
  }

  makeTile(title, name) {
    const value = make("p", { class: "tile-value", text: "–" })
    const tile = make("div", { class: `tile ${name}` }, make("h2", { class: "tile-title", text: title }), value)
    this.root.append(tile)
    return { tile, value }
  }

  makeShare() {
    const parts = Object.fromEntries(TRACKS.map(track => [track, make("span", { class: `share ${track}` })]))
    const values = Object.fromEntries(TRACKS.map(track => [track, make("span", { class: `share-value ${track}` })]))
    this.root.append(make("div", { class: "tile share-tile" }, make("h2", { class: "tile-title", text: "Talk share" }),
      make("div", { class: "share-bar", "aria-hidden": "true" }, parts.inbound, parts.outbound),
      make("p", { class: "share-values" }, make("span", { class: "sr", text: "Inbound " }), values.inbound, make("span", { class: "sr", text: ", outbound " }), values.outbound)))
    return { parts, values }
  }

  makePair(title, unit) {
    const values = Object.fromEntries(TRACKS.map(track => [track, make("span", { class: "pair-value", text: "–" })]))
    const line = track => make("p", { class: `pair ${track}` }, make("span", { class: "pair-name", text: track === "inbound" ? "In" : "Out" }), values[track], make("span", { class: "unit", text: unit }))
    this.root.append(make("div", { class: "tile pair-tile" }, make("h2", { class: "tile-title", text: title }), line("inbound"), line("outbound")))
    return values
  }

  restyle() {
    this.theme = themeOf(this.root, isDark())
    this.resize()
  }

  resize() {
    this.ratio = devicePixelRatio
    for (const track of TRACKS) {
      const { canvas } = this.meters[track]
      const box = canvas.parentElement
      this.meters[track].size = { width: box.clientWidth, height: box.clientHeight }
      this.meters[track].drawn = null
    }
    if (this.call) this.show(this.call)
  }

  show(call) {
    this.call = call
    for (const track of TRACKS) this.showMeter(track, call.tracks?.[track], call.state === "active")
    const silence = call.silence_s ?? 0
    setText(this.silence.value, call.state === "active" ? number(silence, 1, "s") : number(call.totals?.silence_seconds, 1, "s"))
    setAttribute(this.silence.tile, "data-state", call.state !== "active" ? "" : silence >= 10 ? "alert" : silence >= 5 ? "warn" : "")
    setText(this.overtalk.value, number(call.overtalk_s, 1, "s"))
    for (const track of TRACKS) {
      const share = call.talk_share?.[track]
      const { parts, values } = this.share
      parts[track].style.flexGrow = Number.isFinite(share) ? String(share) : "0"
      setText(values[track], percent(share))
      setText(this.pairs.latency[track], number(call.response_latency_ms?.[track]))
      setText(this.pairs.interruptions[track], number(call.interruptions?.[track]))
      setText(this.pairs.network[track], number(call.tracks?.[track]?.arrival_jitter_ms, 1))
      setText(this.pairs.gaps[track], number(call.tracks?.[track]?.gaps))
    }
  }

  showMeter(name, track, isActive) {
    const meter = this.meters[name]
    const { canvas, g, size } = meter
    for (const [key, tag] of Object.entries(meter.marks)) setHidden(tag, !track?.[key])
    setHidden(meter.speaks, !(isActive && track?.speech))
    const active = isActive ? track : null
    const text = track ? (isActive ? number(track.level_dbfs, 1, "dBFS") : number(this.call.totals?.[name]?.active_level_dbfs, 1, "dBFS")) : "no track"
    setText(meter.value, text)
    if (!size?.width) return
    const shown = isActive ? track : { level_dbfs: this.call.totals?.[name]?.active_level_dbfs }
    const key = JSON.stringify([shown?.level_dbfs, shown?.peak_dbfs, shown?.clipped, shown?.dead])
    if (!sizeCanvas(canvas, size.width, size.height, this.ratio) && meter.drawn === key) return
    meter.drawn = key
    setAttribute(canvas, "aria-label", `${NAMES[name]} level ${text}${active?.speech ? ", speaks" : ""}`)
    drawMeter(g, size.width, size.height, this.ratio, shown, this.theme[name], this.theme)
  }
}
