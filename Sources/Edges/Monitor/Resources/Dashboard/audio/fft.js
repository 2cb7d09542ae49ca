/** A complex FFT of one size (a power of two), in place: decimation in time with a table of the roots of unity. */
export class FFT {
  constructor(size) {
    this.size = size
    this.cos = Float64Array.from({ length: size / 2 }, (_, i) => Math.cos(2 * Math.PI * i / size))
    this.sin = Float64Array.from({ length: size / 2 }, (_, i) => -Math.sin(2 * Math.PI * i / size))
    this.order = new Uint32Array(size)
    for (let i = 1; i < size; i++) this.order[i] = (this.order[i >> 1] >> 1) | (i & 1 ? size >> 1 : 0)
  }

  transform(re, im) {
    const { size, cos, sin, order } = this
    for (let i = 0; i < size; i++) {
      const j = order[i]
      if (j > i) {
        [re[i], re[j]] = [re[j], re[i]];
        [im[i], im[j]] = [im[j], im[i]]
      }
    }
    for (let half = 1; half < size; half *= 2) {
      const stride = size / (2 * half)
      for (let start = 0; start < size; start += 2 * half) {
        for (let k = 0; k < half; k++) {
          const a = start + k
          const b = a + half
          const c = cos[k * stride]
          const s = sin[k * stride]
          const x = re[b] * c - im[b] * s
          const y = re[b] * s + im[b] * c
          re[b] = re[a] - x
          im[b] = im[a] - y
          re[a] += x
          im[a] += y
        }
      }
    }
  }
}
