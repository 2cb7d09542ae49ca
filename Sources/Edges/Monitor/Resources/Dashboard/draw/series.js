/**
 * Values at equal steps of the call clock: value i covers [from + i·step, from + (i+1)·step). NaN: unknown.
 *
 * Drawing reads `{ from, step, length, values }` and nothing else, so a plain JSON object works, too.
 */
export class Series {
  /**
   * @param {number} step seconds per value
   * @param {number} limit maximum values; beyond it the oldest eighth is dropped, so the default always holds an hour of steps of 100 ms
   */
  constructor(step, limit = 41_200) {
    this.from = 0
    this.step = step
    this.limit = limit
    this.length = 0
    this.values = new Float32Array(256).fill(NaN)
  }

  get end() { return this.from + this.length * this.step }

  /** Sets `values` starting at `from` seconds; a gap before them is unknown, existing values are replaced. */
  write(from, values) {
    if (!values?.length) return
    let index = Math.round((from - this.from) / this.step)
    if (this.length === 0) { this.from = Math.max(0, Math.round(from / this.step) * this.step); index = 0 }
    if (index < 0) index = this.extendBackwards(-index)
    if (index + values.length > this.limit) index = this.dropOldest(index + values.length - this.limit, index)
    this.reserve(index + values.length)
    for (let i = Math.max(0, -index); i < values.length; i++) this.values[index + i] = values[i] ?? NaN
    this.length = Math.max(this.length, index + values.length)
  }

  extendBackwards(steps) {
    this.reserve(this.length + steps)
    this.values.copyWithin(steps, 0, this.length)
    this.values.fill(NaN, 0, steps)
    this.length += steps
    this.from -= steps * this.step
    return 0
  }

  /** Drops at least `steps`, and at least an eighth, so that a full series is not shifted for every value. */
  dropOldest(steps, index) {
    const dropped = Math.max(steps, this.limit >> 3)
    const kept = Math.max(0, this.length - dropped)
    this.values.copyWithin(0, Math.min(dropped, this.length), this.length)
    this.values.fill(NaN, kept)
    this.length = kept
    this.from += dropped * this.step
    return index - dropped
  }

  reserve(length) {
    if (length <= this.values.length) return
    const grown = new Float32Array(Math.min(Math.max(length, this.values.length * 2), this.limit + (this.limit >> 3)))
    grown.fill(NaN)
    grown.set(this.values.subarray(0, this.length))
    this.values = grown
  }
}

/** First index and end index of the values that overlap [from, to). */
export function indices(series, from, to) {
  const first = Math.max(0, Math.floor((from - series.from) / series.step))
  const last = Math.min(series.length, Math.ceil((to - series.from) / series.step) + 1)
  return [first, Math.max(first, last)]
}
