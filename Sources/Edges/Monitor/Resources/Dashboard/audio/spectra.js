import { FFT } from "./fft.js"

/**
 * Bands of a spectrogram of one track, in the format of the server: bytes, 0 = −96 dBFS, 255 = 0 dBFS.
 *
 * Hann window of the power of two nearest above 25 ms; a band is the power of its bins, RMS 1.0 = 0 dBFS.
 */
export class Spectra {
  constructor(rate, bands = 64) {
    this.size = 2 ** Math.ceil(Math.log2(rate * 0.025))
    this.bands = bands
    this.fft = new FFT(this.size)
    this.window = Float64Array.from({ length: this.size }, (_, i) => 0.5 - 0.5 * Math.cos(2 * Math.PI * i / this.size))
    this.scale = 2 / (this.size * this.window.reduce((sum, w) => sum + w * w, 0))
    this.re = new Float64Array(this.size)
    this.im = new Float64Array(this.size)
    this.binsPerBand = this.size / 2 / bands
  }

  /** Writes the bands of `samples` (of this.size values, −1…1) at `offset` of `bytes`. */
  write(samples, bytes, offset) {
    for (let i = 0; i < this.size; i++) this.re[i] = samples[i] * this.window[i]
    this.im.fill(0)
    this.fft.transform(this.re, this.im)
    for (let band = 0; band < this.bands; band++) {
      let power = 0
      const first = Math.floor(band * this.binsPerBand)
      for (let bin = first; bin < first + Math.max(1, this.binsPerBand); bin++) power += this.re[bin] ** 2 + this.im[bin] ** 2
      const level = 10 * Math.log10(power * this.scale + 1e-12)
      bytes[offset + band] = Math.min(255, Math.max(0, Math.round((level + 96) / 96 * 255)))
    }
  }
}
