public import SidetoneModel

extension Encoding {
    /// 16-bit samples, little-endian: L16 as platforms send it over a WebSocket.
    public static let l16 = Encoding(rawValue: "L16")
    /// 16-bit samples, big-endian: L16 as defined by RFC 3551.
    public static let l16BigEndian = Encoding(rawValue: "L16BE")
}

/// The supported sample rates of linear PCM.
private let linearRates = [
    8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 64_000, 96_000,
]

/// 16-bit linear samples, little-endian.
public struct L16: AudioCodec {
    public static let encoding = Encoding.l16
    public static let aliases = ["audio/x-l16", "audio/l16", "linear16", "slin", "pcm16", "s16le"]
    public static let sampleRates = linearRates
    public static let ceiling: Float = 32_767 / 32_768

    public init(sampleRate: Int) {}

    public func sampleCount(of payload: [UInt8]) -> Int { payload.count / 2 }

    public func decode(_ payload: [UInt8], into samples: inout [Int16]) -> Int {
        decodePairs(payload, into: &samples) { first, second in UInt16(first) | UInt16(second) << 8 }
    }

    public func encode(_ samples: ArraySlice<Int16>, into payload: inout [UInt8]) {
        payload.reserveCapacity(payload.count + 2 * samples.count)
        for sample in samples {
            payload.append(UInt8(truncatingIfNeeded: sample))
            payload.append(UInt8(truncatingIfNeeded: sample >> 8))
        }
    }
}

/// 16-bit linear samples, big-endian.
public struct L16BigEndian: AudioCodec {
    public static let encoding = Encoding.l16BigEndian
    public static let aliases = ["s16be"]
    public static let sampleRates = linearRates
    public static let ceiling: Float = 32_767 / 32_768

    public init(sampleRate: Int) {}

    public func sampleCount(of payload: [UInt8]) -> Int { payload.count / 2 }

    public func decode(_ payload: [UInt8], into samples: inout [Int16]) -> Int {
        decodePairs(payload, into: &samples) { first, second in UInt16(first) << 8 | UInt16(second) }
    }

    public func encode(_ samples: ArraySlice<Int16>, into payload: inout [UInt8]) {
        payload.reserveCapacity(payload.count + 2 * samples.count)
        for sample in samples {
            payload.append(UInt8(truncatingIfNeeded: sample >> 8))
            payload.append(UInt8(truncatingIfNeeded: sample))
        }
    }
}

/// Appends one sample per pair of bytes; returns the number of bytes left over (0 or 1).
@inline(__always)
private func decodePairs(
    _ payload: [UInt8], into samples: inout [Int16], join: (UInt8, UInt8) -> UInt16
) -> Int {
    let count = payload.count / 2
    samples.reserveCapacity(samples.count + count)
    for n in 0..<count { samples.append(Int16(bitPattern: join(payload[2 * n], payload[2 * n + 1]))) }
    return payload.count - 2 * count
}
