public import SidetoneModel

extension Encoding {
    /// ITU-T G.711 µ-law, one byte per sample.
    public static let pcmu = Encoding(rawValue: "PCMU")
}

/// ITU-T G.711 µ-law: one byte per sample at 8 kHz; 16 kHz is accepted because some platforms send it.
public struct PCMU: AudioCodec {
    public static let encoding = Encoding.pcmu
    public static let aliases = ["audio/x-mulaw", "audio/pcmu", "mulaw", "ulaw", "mu-law"]
    public static let sampleRates = [8_000, 16_000]
    public static let ceiling: Float = 32_124 / 32_768

    private let table = CompandingTable.muLaw

    public init(sampleRate: Int) {}

    public func sampleCount(of payload: [UInt8]) -> Int { payload.count }

    public func decode(_ payload: [UInt8], into samples: inout [Int16]) -> Int {
        table.decode(payload, into: &samples)
        return 0
    }

    public func encode(_ samples: ArraySlice<Int16>, into payload: inout [UInt8]) {
        table.encode(samples, into: &payload)
    }
}
