/**
 * A spectrogram: columns of bytes (0 = −96 dBFS, 255 = 0 dBFS; the first band is the lowest), stored in tiles, each with an
 * image that is drawn once and then only copied.
 */
const TILE = 512

export class Spectrogram {
  /**
   * @param {number} step seconds per column
   * @param {number} limit maximum tiles (of 512 columns); the oldest are removed first
   */
  constructor({ step = 0.02, bands = 64, lowHz = 0, highHz = 4000, limit = 60 } = {}) {
    Object.assign(this, { step, bands, lowHz, highHz, limit })
    this.tiles = new Map()
    /** The time of the first column. */
    this.start = Infinity
  }

  /** Sets columns starting at `from` seconds: `bytes` is columns × bands. */
  write(from, bytes) {
    const first = Math.round(from / this.step)
    this.start = Math.min(this.start, from)
    const columns = Math.floor(bytes.length / this.bands)
    for (let i = 0; i < columns; i++) {
      const tile = this.tile(Math.floor((first + i) / TILE))
      const column = (first + i) % TILE
      tile.bytes.set(bytes.subarray(i * this.bands, (i + 1) * this.bands), column * this.bands)
      tile.known[column] = 1
      tile.from = Math.min(tile.from, column)
      tile.to = Math.max(tile.to, column + 1)
    }
  }

  tile(index) {
    let tile = this.tiles.get(index)
    if (!tile) {
      tile = { bytes: new Uint8Array(TILE * this.bands), known: new Uint8Array(TILE), picture: null, theme: null, from: TILE, to: 0 }
      this.tiles.set(index, tile)
      if (this.tiles.size > this.limit) this.tiles.delete(Math.min(...this.tiles.keys()))
    }
    return tile
  }

  draw(g, box, view, range, theme) {
    const width = TILE * this.step
    const last = Math.floor(range.to / width)
    g.imageSmoothingEnabled = true
    g.imageSmoothingQuality = "low"
    for (let index = Math.max(0, Math.floor(range.from / width)); index <= last; index++) {
      const tile = this.tiles.get(index)
      if (!tile) continue
      this.refresh(tile, theme)
      const from = Math.max(0, Math.floor((range.from / this.step) - index * TILE) - 2)
      const to = Math.min(TILE, Math.ceil((range.to / this.step) - index * TILE) + 2)
      if (to <= from) continue
      const x = view.x((index * TILE + from) * this.step)
      g.drawImage(tile.picture, from, 0, to - from, this.bands, x, box.y, view.x((index * TILE + to) * this.step) - x, box.height)
    }
  }

  /** Updates the image with the columns written since the last call. */
  refresh(tile, theme) {
    if (tile.theme !== theme) Object.assign(tile, { picture: tile.picture ?? new OffscreenCanvas(TILE, this.bands), theme, from: 0, to: TILE })
    if (tile.to <= tile.from) return
    const columns = tile.to - tile.from
    const image = new ImageData(columns, this.bands)
    const pixels = new Uint32Array(image.data.buffer)
    for (let i = 0; i < columns; i++) {
      const column = tile.from + i
      if (!tile.known[column]) continue
      for (let band = 0; band < this.bands; band++) {
        pixels[(this.bands - 1 - band) * columns + i] = theme.heat[tile.bytes[column * this.bands + band]]
      }
    }
    tile.picture.getContext("2d").putImageData(image, tile.from, 0)
    tile.from = TILE
    tile.to = 0
  }
}

/** The spectrogram of one side. */
export function spectrogramLane(track) {
  return {
    key: `spectrum-${track}`,
    label: track === "inbound" ? "Spectrum in" : "Spectrum out",
    short: "Spec.",
    colour: track,
    height: 64,
    grow: 2,
    ticksOf(data) {
      const spectrum = data.tracks[track]?.spectrum
      const high = spectrum?.highHz ?? 4000
      return [{ at: 0.5, text: `${high / 2000} kHz` }]
    },
    draw(g, box, view, range, data, theme) {
      const inner = { y: box.y + 1, height: box.height - 2 }
      const spectrum = data.tracks[track]?.spectrum
      spectrum?.draw(g, inner, view, range, theme)
      if (spectrum?.start > 1 && spectrum.start < Infinity) drawStart(g, box, view, spectrum.start, theme)
    },
  }
}

/** A live spectrum is not stored: there is none from before the page was opened. */
function drawStart(g, box, view, start, theme) {
  g.font = theme.small
  g.textAlign = "right"
  g.textBaseline = "middle"
  g.fillStyle = theme.muted
  const text = "live only, from here on"
  if (g.measureText(text).width + 8 > view.x(start) - view.x(0)) return
  g.fillText(text, view.x(start) - 8, box.y + box.height / 2)
}

/** 256 colours interpolated between stops (`#rrggbb`), as little-endian RGBA values of an ImageData. */
export function heatMap(stops) {
  const rgb = stops.map(stop => [1, 3, 5].map(i => Number.parseInt(stop.slice(i, i + 2), 16)))
  return Uint32Array.from({ length: 256 }, (_, byte) => {
    // Telephone speech lies between −84 and −18 dBFS per band: this range is mapped to the colours.
    const level = Math.min(1, Math.max(0, (byte / 255 * 96 - 12) / 66))
    const position = level * (rgb.length - 1)
    const low = Math.min(rgb.length - 2, Math.floor(position))
    const [r, g, b] = rgb[low].map((value, i) => Math.round(value + (rgb[low + 1][i] - value) * (position - low)))
    return ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0
  })
}
