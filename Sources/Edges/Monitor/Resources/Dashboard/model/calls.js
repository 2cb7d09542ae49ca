/** The active calls, as reported by the live socket. */
export class Calls {
  constructor() {
    /** @type {Map<string, object>} */
    this.byID = new Map()
    this.version = 0
  }

  replace(calls) {
    this.byID = new Map(calls.map(call => [call.id, prepared(call)]))
    this.version += 1
  }

  put(call) {
    this.byID.set(call.id, prepared(call))
    this.version += 1
  }

  remove(id) {
    if (this.byID.delete(id)) this.version += 1
  }

  /** One entry of a `levels` message: what changes ten times per second. */
  level([id, duration, speaking, levelIn, speechIn, levelOut, speechOut, silence, alerts]) {
    const call = this.byID.get(id)
    if (!call) return
    call.duration_s = duration
    call.heardAt = performance.now()
    call.speaking = speaking
    call.silence_s = silence
    call.alertCount = alerts
    side(call, "inbound", levelIn, speechIn)
    side(call, "outbound", levelOut, speechOut)
  }
}

function side(call, name, level, speech) {
  // No level: the track does not exist or is stalled.
  if (level === null && !call.tracks[name]) return
  call.tracks[name] ??= {}
  call.tracks[name].level_dbfs = level
  call.tracks[name].speech = Boolean(speech)
}

function prepared(call) {
  call.tracks ??= {}
  call.alertCount = call.alerts?.length ?? 0
  call.heardAt = performance.now()
  return call
}

export const gapsOf = call => (call.tracks?.inbound?.gaps ?? 0) + (call.tracks?.outbound?.gaps ?? 0)

/** The current duration of the call: between messages it advances by the local clock. */
export function durationOf(call, now) {
  const shown = call.duration_s ?? 0
  return call.state === "active" ? shown + Math.min(2, Math.max(0, (now - call.heardAt) / 1000)) : shown
}

const text = value => String(value ?? "").toLowerCase()
const levelOf = (call, track) => call.tracks?.[track]?.level_dbfs ?? -Infinity
const SPEAKING = { none: 0, inbound: 1, outbound: 2, both: 3 }

/** The sort key of each column. */
const SORTS = {
  call: call => text(call.from) + text(call.id),
  started: call => text(call.started_at),
  duration: call => call.duration_s ?? 0,
  speaking: call => SPEAKING[call.speaking] ?? 0,
  inbound: call => levelOf(call, "inbound"),
  outbound: call => levelOf(call, "outbound"),
  silence: call => call.silence_s ?? 0,
  alerts: call => call.alertCount,
  gaps: gapsOf,
}

const FILTERS = {
  all: () => true,
  alerts: call => call.alertCount > 0,
  speaking: call => call.speaking !== "none",
  silent: call => (call.silence_s ?? 0) >= 3,
  hold: call => Boolean(call.hold),
}

/** The matching calls, sorted; ties are ordered by id. */
export function selected(calls, { sort, descending, filter, query }) {
  const wanted = query.trim().toLowerCase()
  const matches = call => FILTERS[filter](call) && (!wanted || haystack(call).includes(wanted))
  const value = SORTS[sort]
  const sign = descending ? -1 : 1
  return calls.filter(matches).map(call => [value(call), call]).sort(([a, left], [b, right]) => {
    if (a !== b) return a < b ? -sign : sign
    return left.id < right.id ? -1 : 1
  }).map(([, call]) => call)
}

function haystack(call) {
  const streams = (call.streams ?? []).map(s => `${s.id} ${s.dialect} ${s.codec}`).join(" ")
  return text(`${call.id} ${call.from} ${call.to} ${streams} ${call.hold ? "hold" : ""} ${(call.alerts ?? []).map(a => a.type).join(" ")}`)
}
