import { EventList } from "../draw/events.js"
import { Series } from "../draw/series.js"
import { Spectrogram } from "../draw/spectrogram.js"

const STEP = 0.1
const TRACKS = ["inbound", "outbound"]
const MEMBERS = { level_dbfs: "level", peak_dbfs: "peak", speech: "speech", f0_hz: "f0", wave_min: "waveMin", wave_max: "waveMax",
  arrival_jitter_ms: "jitter" }

/** What is known of a call over time: the plain data that the lanes draw, filled from REST, the socket and the recording. */
export class Timeline {
  constructor() {
    this.duration = 0
    this.list = new EventList()
    this.tracks = Object.fromEntries(TRACKS.map(track => [track, emptyTrack()]))
    /** From when on something is new since `settled()`; Infinity: nothing. */
    this.changed = 0
    this.isWhole = false
  }

  get events() { return this.list.events }

  settled() { this.changed = Infinity }

  setDuration(seconds) {
    if (!(seconds > this.duration)) return
    this.changed = Math.min(this.changed, this.duration - 2 * STEP)
    this.duration = seconds
    // What is open reaches to now.
    for (const event of this.events) if (event.end === null) this.changed = Math.min(this.changed, event.start)
  }

  /** The answer of `/v1/calls/{id}/timeline`. */
  takeTimeline(body) {
    for (const track of TRACKS) {
      if (body.tracks?.[track]) this.write(track, { ...body.tracks[track], from: body.from ?? 0 })
    }
    for (const signal of body.signals ?? []) this.takeSignal(signal)
    for (const gap of body.gaps ?? []) this.takeGap(gap)
    this.setDuration(body.to ?? 0)
    this.changed = 0
  }

  /** A `timeline` message: the new values of one track. */
  takeValues(message) {
    if (!TRACKS.includes(message.track)) return
    this.write(message.track, message)
    this.changed = Math.min(this.changed, message.from - 2 * STEP)
  }

  write(track, values) {
    for (const [name, key] of Object.entries(MEMBERS)) {
      // A recording draws finer waves than the server's tenths of a second.
      if (this.isWhole && key.startsWith("wave")) continue
      if (Array.isArray(values[name])) this.tracks[track][key].write(values.from, values[name])
    }
  }

  takeSignal(cloudEvent) {
    const version = this.list.version
    const event = this.list.take(cloudEvent)
    // Where a mark lies depends on those before it: what is earlier stays as it is.
    if (event && this.list.version !== version) this.changed = Math.min(this.changed, event.start)
    return event
  }

  takeGap(gap) {
    if (!Number.isFinite(gap?.start)) return
    const isTold = this.events.some(e => e.name === "media.gap" && e.track === (gap.track ?? null) && Math.abs(e.start - gap.start) < 1e-3)
    if (isTold) return
    this.takeSignal({ type: "sidetone.media.gap.v1", id: `gap-${gap.track}-${gap.start}`, time: gap.time, data: gap })
  }

  takeSpectrum(message) {
    const track = this.tracks[message.track]
    if (!track || this.isWhole) return
    const step = message.step_ms / 1000
    if (track.spectrum.step !== step || track.spectrum.bands !== message.bands || track.spectrum.highHz !== message.high_hz) {
      track.spectrum = new Spectrogram({ step, bands: message.bands, lowHz: message.low_hz, highHz: message.high_hz })
    }
    track.spectrum.write(message.from, Uint8Array.from(atob(message.data), c => c.charCodeAt(0)))
    this.changed = Math.min(this.changed, message.from - 2 * STEP)
  }

  /** Arrival jitter as the call's state tells it: its course is what was seen of it, where the server keeps none. */
  takeJitter(call) {
    for (const track of TRACKS) {
      const value = call.tracks?.[track]?.arrival_jitter_ms
      if (Number.isFinite(value)) this.tracks[track].jitter.write(Math.floor(call.duration_s / STEP) * STEP, [value])
    }
  }

  /** From now on waves and spectra come from the recording. */
  startRecording(head) {
    this.isWhole = true
    const limit = 80
    for (const track of TRACKS) {
      this.tracks[track].waveMin = new Series(head.peakStep, 80_000)
      this.tracks[track].waveMax = new Series(head.peakStep, 80_000)
      this.tracks[track].spectrum = new Spectrogram({ step: head.spectrumStep, highHz: head.highHz, limit })
    }
  }

  takeRecording(part) {
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
