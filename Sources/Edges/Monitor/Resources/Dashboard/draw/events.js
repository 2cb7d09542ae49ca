/**
 * Converts CloudEvents of a call to events for drawing and lists: the start and end of an interval become one event.
 *
 * @typedef {{ key: string, name: string, track: string|null, start: number, end: number|null, moment: boolean,
 *   severity: string|null, id: string, time: string, values: Object<string, any> }} CallEvent
 */

/** Events that need attention, whatever their severity. */
const NOTABLE = new Set(["dead_air", "hold_suspected", "one_way_audio", "packet_loss", "clipping", "level_low",
  "media.stalled", "media.gap", "media.wrong_codec_suspected"])
const FIXED = new Set(["track", "start", "end"])

/** The name within a type: `sidetone.media.gap.v1` is `media.gap`, `sidetone.turn.ended.v1` is `turn`. */
export function nameOf(type) {
  const match = /^sidetone\.(.+?)(?:\.(started|ended))?\.v\d+$/.exec(String(type))
  return match ? { name: match[1], phase: match[2] ?? "moment" } : { name: String(type ?? ""), phase: "moment" }
}

export class EventList {
  /** @param {number} limit maximum events kept; the oldest are removed first */
  constructor(limit = 5_000) {
    this.limit = limit
    /** @type {CallEvent[]} in order of their start */
    this.events = []
    this.byKey = new Map()
    this.version = 0
  }

  /** Adds one CloudEvent; a repeated one is ignored. Returns the event created or completed. */
  add(cloudEvent) {
    const data = cloudEvent?.data
    if (!data || typeof data !== "object" || !Number.isFinite(data.start)) return null
    const { name, phase } = nameOf(cloudEvent.type)
    const key = `${name}|${data.track ?? ""}|${data.start}|${phase === "moment" ? cloudEvent.id : ""}`
    const known = this.byKey.get(key)
    if (known) {
      if (phase === "ended" && known.end === null) { this.fill(known, data); this.version += 1 }
      else if (phase === "started" && data.severity && known.severity !== data.severity && known.end === null) {
        known.severity = data.severity
        this.version += 1
      }
      return known
    }
    return this.insert({
      key, name, track: data.track ?? null, start: data.start, moment: phase === "moment",
      end: Number.isFinite(data.end) ? data.end : phase === "moment" ? data.start : null,
      severity: data.severity ?? (NOTABLE.has(name) ? "warn" : null),
      id: cloudEvent.id ?? "", time: cloudEvent.time ?? "", values: valuesOf(data),
    })
  }

  fill(event, data) {
    event.end = Number.isFinite(data.end) ? data.end : event.start
    event.severity = data.severity ?? event.severity
    Object.assign(event.values, valuesOf(data))
  }

  insert(event) {
    let index = this.events.length
    while (index > 0 && this.events[index - 1].start > event.start) index -= 1
    this.events.splice(index, 0, event)
    this.byKey.set(event.key, event)
    if (this.events.length > this.limit) this.byKey.delete(this.events.shift().key)
    this.version += 1
    return event
  }
}

function valuesOf(data) {
  return Object.fromEntries(Object.entries(data).filter(([name]) => !FIXED.has(name)))
}

/** The events that overlap [from, to]; an open one lasts until `now`. */
export function eventsWithin(events, from, to, now) {
  return events.filter(event => event.start <= to && (event.end ?? now) >= from)
}
