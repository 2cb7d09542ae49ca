import { EventList } from "../draw/events.js"
import { Series } from "../draw/series.js"
import { Spectrogram } from "../draw/spectrogram.js"

const STEP = 0.1
const TRACKS = ["inbound", "outbound"]
const MEMBERS = { level_dbfs: "level", peak_dbfs: "peak", speech: "speech", f0_hz: "f0", wave_min: "waveMin", wave_max: "waveMax",
  arrival_jitter_ms: "jitter" }

/** The history of a call: the plain data drawn by the lanes, filled from REST, the socket and the recording. */
export class Timeline {
  constructor() {
    this.duration = 0
    this.list = new EventList()
    this.tracks = Object.fromEntries(TRACKS.map(track => [track, emptyTrack()]))
    /** The start of the range that changed since `settled()`; Infinity if nothing changed. */
    this.changed = 0
    this.isWhole = false
  }

  get events() { return this.list.events }

  settled() { this.changed = Infinity }

  setDuration(seconds) {
    if (!(seconds > this.duration)) return
    this.changed = Math.min(this.changed, this.duration - 2 * STEP)
    this.duration = seconds
    // Open intervals extend to now.
    for (const event of this.events) if (event.end === null) this.changed = Math.min(this.changed, event.start)
  }

  /** Applies a response of `/v1/calls/{id}/timeline`. */
  applyTimeline(body) {
    for (const track of TRACKS) {
      if (body.tracks?.[track]) this.write(track, { ...body.tracks[track], from: body.from ?? 0 })
    }
    for (const signal of body.signals ?? []) this.addSignal(signal)
    for (const gap of body.gaps ?? []) this.addGap(gap)
    this.setDuration(body.to ?? 0)
    this.changed = 0
  }

  /** A `timeline` message: the new values of one track. */
  addValues(message) {
    if (!TRACKS.includes(message.track)) return
    this.write(message.track, message)
    this.changed = Math.min(this.changed, message.from - 2 * STEP)
  }

  write(track, values) {
    for (const [name, key] of Object.entries(MEMBERS)) {
      // A recording has a finer waveform than the server's steps of 100 ms.
      if (this.isWhole && key.startsWith("wave")) continue
      if (Array.isArray(values[name])) this.tracks[track][key].write(values.from, values[name])
    }
  }

  addSignal(cloudEvent) {
    const version = this.list.version
    const event = this.list.add(cloudEvent)
    // The row of a mark depends on earlier marks, which do not change.
    if (event && this.list.version !== version) this.changed = Math.min(this.changed, event.start)
    return event
  }

  addGap(gap) {
    if (!Number.isFinite(gap?.start)) return
    const isKnown = this.events.some(e => e.name === "media.gap" && e.track === (gap.track ?? null) && Math.abs(e.start - gap.start) < 1e-3)
    if (isKnown) return
    this.addSignal({ type: "sidetone.media.gap.v1", id: `gap-${gap.track}-${gap.start}`, time: gap.time, data: gap })
  }

  addSpectrum(message) {
    const track = this.tracks[message.track]
    if (!track || this.isWhole) return
    const step = message.step_ms / 1000
    if (track.spectrum.step !== step || track.spectrum.bands !== message.bands || track.spectrum.highHz !== message.high_hz) {
      track.spectrum = new Spectrogram({ step, bands: message.bands, lowHz: message.low_hz, highHz: message.high_hz })
    }
    track.spectrum.write(message.from, Uint8Array.from(atob(message.data), c => c.charCodeAt(0)))
    this.changed = Math.min(this.changed, message.from - 2 * STEP)
  }

  /** Arrival jitter from the state of the call; the server keeps no history of it. */
  addJitter(call) {
    for (const track of TRACKS) {
      const value = call.tracks?.[track]?.arrival_jitter_ms
      if (Number.isFinite(value)) this.tracks[track].jitter.write(Math.floor(call.duration_s / STEP) * STEP, [value])
    }
  }

  /** From now on, waveforms and spectra come from the recording. */
  startRecording(head) {
    this.isWhole = true
    const limit = 80
    for (const track of TRACKS) {
      this.tracks[track].waveMin = new Series(head.peakStep, 80_000)
      this.tracks[track].waveMax = new Series(head.peakStep, 80_000)
      this.tracks[track].spectrum = new Spectrogram({ step: head.spectrumStep, highHz: head.highHz, limit })
    }
  }

  addRecording(part) {
    TRACKS.slice(0, part.tracks.length).forEach((track, i) => {
      this.tracks[track].waveMin.write(part.from, part.tracks[i].low)
      this.tracks[track].waveMax.write(part.from, part.tracks[i].high)
      this.tracks[track].spectrum.write(part.spectrumFrom, part.spectra[i])
    })
    this.changed = 0
  }
}

function emptyTrack() {
  const series = Object.fromEntries(Object.values(MEMBERS).map(key => [key, new Series(STEP)]))
  return { ...series, spectrum: new Spectrogram() }
}
