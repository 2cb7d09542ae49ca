/**
 * Reads `call.wav` as it arrives and posts envelopes and spectra of both sides, a second or more at a time.
 *
 * in:  { url, duration }
 * out: { kind: "head", rate, channels, peakStep, spectrumStep, highHz } · { kind: "part", from, tracks: [{ low, high }],
 *      spectrumFrom, spectra: [Uint8Array] } · { kind: "done", seconds } · { kind: "failed", message }
 */
import { Spectra } from "./spectra.js"
import { readHeader } from "./wav.js"

const MAX_BYTES = 512 * 1024 * 1024
const MAX_HEAD = 64 * 1024
const MAX_PEAKS = 60_000
const MAX_COLUMNS = 30_000

self.onmessage = async ({ data }) => {
  try {
    await read(data.url, data.duration)
  } catch (error) {
    self.postMessage({ kind: "failed", message: error.message })
  }
}

async function read(url, duration) {
  const response = await fetch(url)
  if (!response.ok) throw new Error(response.status === 404 ? "this call has no recording" : `the recording cannot be read (${response.status})`)
  const reader = response.body.getReader()
  let head = null
  let rest = new Uint8Array(0)
  let analysis = null
  let left = MAX_BYTES
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    rest = rest.length ? joined(rest, value) : value
    if (!head) {
      head = readHeader(rest)
      if (!head && rest.length > MAX_HEAD) throw new Error("the recording's head is longer than 64 KiB")
      if (!head) continue
      rest = rest.subarray(head.dataStart)
      left = Math.min(left, head.dataBytes)
      analysis = new Analysis(head, duration)
    }
    const frame = 2 * head.channels
    const whole = Math.min(rest.length - rest.length % frame, left - left % frame)
    analysis.process(rest.slice(0, whole))
    rest = rest.subarray(whole)
    left -= whole
    if (left < frame) { await reader.cancel(); break }
  }
  if (!head) throw new Error("the recording is empty")
  analysis.post()
  self.postMessage({ kind: "done", seconds: analysis.frames / head.rate })
}

function joined(a, b) {
  const both = new Uint8Array(a.length + b.length)
  both.set(a)
  both.set(b, a.length)
  return both
}

class Analysis {
  constructor({ rate, channels }, duration) {
    const seconds = Math.max(1, duration || 60)
    this.rate = rate
    this.channels = channels
    this.frames = 0
    this.peakLength = Math.max(Math.round(rate * 0.005), Math.ceil(rate * seconds / MAX_PEAKS))
    this.hop = Math.max(Math.round(rate * 0.02), Math.ceil(rate * seconds / MAX_COLUMNS))
    this.spectra = new Spectra(rate)
    this.recent = Array.from({ length: channels }, () => new Float32Array(this.spectra.size))
    this.ordered = new Float32Array(this.spectra.size)
    this.low = new Float32Array(channels).fill(1)
    this.high = new Float32Array(channels).fill(-1)
    this.startPart()
    self.postMessage({
      kind: "head", rate, channels, highHz: rate / 2,
      peakStep: this.peakLength / rate, spectrumStep: this.hop / rate,
    })
  }

  startPart() {
    this.peaksFrom = Math.floor(this.frames / this.peakLength)
    this.columnsFrom = Math.floor(this.frames / this.hop)
    this.lows = Array.from({ length: this.channels }, () => [])
    this.highs = Array.from({ length: this.channels }, () => [])
    this.columns = Array.from({ length: this.channels }, () => [])
  }

  process(bytes) {
    const samples = new Int16Array(bytes.buffer, bytes.byteOffset, bytes.length >> 1)
    const mask = this.spectra.size - 1
    for (let i = 0; i < samples.length; i += this.channels) {
      for (let channel = 0; channel < this.channels; channel++) {
        const value = samples[i + channel] / 32768
        if (value < this.low[channel]) this.low[channel] = value
        if (value > this.high[channel]) this.high[channel] = value
        this.recent[channel][this.frames & mask] = value
      }
      this.frames += 1
      if (this.frames % this.peakLength === 0) this.closePeak()
      if (this.frames % this.hop === 0) this.closeColumn()
      if (this.lows[0].length >= 2_000) this.post()
    }
  }

  closePeak() {
    for (let channel = 0; channel < this.channels; channel++) {
      this.lows[channel].push(this.low[channel])
      this.highs[channel].push(this.high[channel])
      this.low[channel] = 1
      this.high[channel] = -1
    }
  }

  /** The bands of the window ending here. */
  closeColumn() {
    const { size } = this.spectra
    for (let channel = 0; channel < this.channels; channel++) {
      const at = this.frames & (size - 1)
      this.ordered.set(this.recent[channel].subarray(at))
      this.ordered.set(this.recent[channel].subarray(0, at), size - at)
      const bytes = new Uint8Array(this.spectra.bands)
      this.spectra.write(this.ordered, bytes, 0)
      this.columns[channel].push(bytes)
    }
  }

  post() {
    const tracks = this.lows.map((lows, i) => ({ low: Float32Array.from(lows), high: Float32Array.from(this.highs[i]) }))
    const spectra = this.columns.map(columns => {
      const bytes = new Uint8Array(columns.length * this.spectra.bands)
      columns.forEach((column, i) => bytes.set(column, i * this.spectra.bands))
      return bytes
    })
    const transfer = [...tracks.flatMap(t => [t.low.buffer, t.high.buffer]), ...spectra.map(b => b.buffer)]
    self.postMessage({
      kind: "part", from: this.peaksFrom * this.peakLength / this.rate, tracks,
      spectrumFrom: this.columnsFrom * this.hop / this.rate, spectra,
    }, transfer)
    this.startPart()
  }
}
