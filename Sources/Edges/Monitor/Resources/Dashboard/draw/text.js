/**
 ** Text and numbers for display. Pure functions, used by pages, canvases and reports.
 */

const BIDI = /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/g
const CONTROL = /[\u0000-\u001F\u007F]/g
const UPPER_CONTROL = /[\u0080-\u009F\u2028\u2029\uFEFF\u200B]/g

/** Untrusted text with a limited length, and with invisible and bidirectional control characters made visible. */
export function clean(value, limit = 300) {
  const text = value === null || value === undefined ? "" : String(value)
  const shown = text.slice(0, limit)
    .replace(CONTROL, c => c === "\u007F" ? "\u2421" : String.fromCharCode(0x2400 + c.charCodeAt(0)))
    .replace(BIDI, named)
    .replace(UPPER_CONTROL, named)
  return text.length > limit ? `${shown}…` : shown
}

/** A telephone number or another endpoint of a call; masked digits are shortened. */
export function side(value, limit = 60) {
  return clean(value, limit).replace(/•{4,}/g, "•••") || "unknown"
}

function named(character) {
  return `[U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}]`
}

/** A span on the call clock: 0:07, 12:30, 1:02:03; with `tenths`, 0:07.4. */
export function clock(seconds, tenths = false) {
  if (!Number.isFinite(seconds)) return "–"
  const sign = seconds < 0 ? "−" : ""
  const units = tenths ? Math.round(Math.abs(seconds) * 10) : Math.floor(Math.abs(seconds)) * 10
  const whole = Math.floor(units / 10)
  const rest = `${String(whole % 60).padStart(2, "0")}${tenths ? `.${units % 10}` : ""}`
  const minutes = Math.floor(whole / 60)
  if (minutes < 60) return `${sign}${minutes}:${rest}`
  return `${sign}${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}:${rest}`
}

/** A number with a fixed number of decimals and a proper minus sign; a dash for no value. */
export function number(value, decimals = 0, unit = "") {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–"
  const text = value.toFixed(decimals).replace("-", "−")
  const shown = /^−0(\.0*)?$/.test(text) ? text.slice(1) : text
  return unit ? `${shown}\u202F${unit}` : shown
}

export const count = value => Number.isFinite(value) ? value.toLocaleString("en") : "–"
export const percent = value => Number.isFinite(value) ? `${Math.round(value * 100)}\u202F%` : "–"

/** `sidetone.media.gap.v1` and `media.gap` are "Media gap". */
export function displayName(name) {
  const text = clean(name, 60).replace(/[._]/g, " ").trim()
  if (text.startsWith("dtmf")) return `DTMF${text.slice(4)}`
  return text ? text[0].toUpperCase() + text.slice(1) : "–"
}

/** The time of day of an RFC 3339 time, in the local time zone. */
export function timeOfDay(text, milliseconds = false) {
  const date = new Date(text)
  if (Number.isNaN(date.getTime())) return "–"
  const part = (value, length = 2) => String(value).padStart(length, "0")
  const time = `${part(date.getHours())}:${part(date.getMinutes())}:${part(date.getSeconds())}`
  return milliseconds ? `${time}.${part(date.getMilliseconds(), 3)}` : time
}

/** Cuts `text` with an ellipsis to at most `width` in the canvas's current font; "" if nothing fits. */
export function fitted(g, text, width) {
  if (width < 6) return ""
  if (g.measureText(text).width <= width) return text
  let low = 0
  let high = text.length
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (g.measureText(`${text.slice(0, middle)}…`).width <= width) low = middle
    else high = middle - 1
  }
  return low > 0 ? `${text.slice(0, low)}…` : ""
}
