const PCM = 1
const EXTENSIBLE = 0xFFFE

/**
 * Parses the header of a WAV file; null while `bytes` does not contain all of it. Throws for unsupported files.
 *
 * @param {Uint8Array} bytes the file's first bytes
 * @returns {{ rate: number, channels: number, dataStart: number, dataBytes: number } | null}
 */
export function readHeader(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const tag = at => String.fromCharCode(...bytes.subarray(at, at + 4))
  if (bytes.length < 12) return null
  if (tag(0) !== "RIFF" || tag(8) !== "WAVE") throw new Error("the recording is not a WAV file")
  let format = null
  for (let at = 12; at + 8 <= bytes.length;) {
    const name = tag(at)
    const size = view.getUint32(at + 4, true)
    if (name === "data") {
      if (!format) throw new Error("the recording has no format before its data")
      return { ...format, dataStart: at + 8, dataBytes: size === 0 || size === 0xFFFFFFFF ? Infinity : size }
    }
    if (name === "fmt ") {
      if (at + 24 > bytes.length) return null
      format = readFormat(view, at + 8)
    }
    at += 8 + size + (size & 1)
  }
  return null
}

function readFormat(view, at) {
  const kind = view.getUint16(at, true)
  const channels = view.getUint16(at + 2, true)
  const rate = view.getUint32(at + 4, true)
  const bits = view.getUint16(at + 14, true)
  if ((kind !== PCM && kind !== EXTENSIBLE) || bits !== 16 || channels < 1 || channels > 2 || rate < 4000 || rate > 192_000) {
    throw new Error(`the recording has ${channels} channels of ${bits} bits at ${rate} Hz; 1 or 2 channels of 16 bits are supported`)
  }
  return { channels, rate }
}
