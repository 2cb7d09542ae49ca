/**
 * The visible part of the time axis, and the mapping between times and pixels.
 *
 * `from` is aligned to device pixels, so that a view following a live call can be scrolled by copying pixels.
 */
export class View {
  static shortest = 1

  constructor(span = 30) {
    this.from = 0
    this.span = span
    this.width = 1
    this.ratio = 1
    this.limit = span
    this.follows = false
  }

  get to() { return this.from + this.span }
  get secondsPerPixel() { return this.span / this.width }
  x(time) { return (time - this.from) / this.span * this.width }
  time(x) { return this.from + x / this.width * this.span }

  /** Sets the width in CSS pixels and the device pixels per CSS pixel. */
  resize(width, ratio) {
    this.width = Math.max(1, width)
    this.ratio = ratio
    this.settle()
  }

  /** Sets the duration of the call; a following view keeps the end visible. */
  setLimit(seconds) {
    this.limit = Math.max(seconds, 0.1)
    if (this.follows) this.toEnd()
  }

  toEnd() {
    this.from = this.limit + this.margin - this.span
    this.settle()
  }

  get margin() { return this.follows ? this.span * 0.02 : 0 }

  follow(follows) {
    this.follows = follows
    if (follows) this.toEnd()
  }

  pan(seconds) {
    this.from += seconds
    this.follows = false
    this.settle()
  }

  /** Zooms by `factor` (below 1 zooms in) around a time that keeps its position. */
  zoom(factor, about = this.follows ? this.to : this.from + this.span / 2) {
    const share = (about - this.from) / this.span
    const longest = Math.max(View.shortest, this.limit * 1.02, 10)
    this.span = Math.min(longest, Math.max(View.shortest, this.span * factor))
    this.from = about - share * this.span
    if (this.follows) this.toEnd()
    this.settle()
  }

  fit() {
    this.span = Math.max(View.shortest, this.limit)
    this.from = 0
    this.follows = false
    this.settle()
  }

  /** Scrolls so that [from, to] is visible. */
  reveal(from, to = from) {
    if (from >= this.from && to <= this.to) return
    this.follows = false
    this.from = to - from > this.span * 0.9 ? from - this.span * 0.05 : (from + to) / 2 - this.span / 2
    this.settle()
  }

  settle() {
    const last = Math.max(0, this.limit + this.margin - this.span)
    const from = Math.min(Math.max(0, this.from), last)
    const pixel = this.span / (this.width * this.ratio)
    this.from = Math.round(from / pixel) * pixel
  }
}
