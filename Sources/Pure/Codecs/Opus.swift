import COpus
public import SidetoneModel

extension Encoding {
    /// RFC 6716, one packet per message.
    public static let opus = Encoding(rawValue: "OPUS")
}

/// Opus (RFC 6716) by libopus, one channel. **Assumed**: no platform documents how it packs Opus into messages; here,
/// each payload is one bare packet without Ogg encapsulation.
///
/// Packets depend on each other: decode them in order, and `conceal` missing ones. The output lags by the encoder's
/// look-ahead of 6.5 ms. A copy shares the state of its original.
public struct Opus: AudioCodec {
    public static let encoding = Encoding.opus
    public static let aliases = ["audio/opus", "audio/x-opus"]
    public static let sampleRates = [8_000, 16_000, 24_000, 48_000]
    public static let ceiling: Float = 32_767 / 32_768
    public static let packetMs: [Int]? = [5, 10, 20, 40, 60, 80, 100, 120]
    public static let isLossless = false

    /// The largest packet (RFC 6716 §3.2.1 and appendix B).
    private static let largestPacket = 1_275 * 6 + 7
    /// Supported packet durations, in units of 2.5 ms.
    private static let lengths = [1, 2, 4, 8, 16, 24, 32, 40, 48]

    private let sampleRate: Int
    private let state: OpusState

    public init(sampleRate: Int) throws(CodecError) {
        guard Self.sampleRates.contains(sampleRate) else {
            throw CodecError(
                .unsupportedRate, "the sample rate is \(sampleRate); OPUS supports 8000, 16000, 24000, 48000")
        }
        self.sampleRate = sampleRate
        state = OpusState(sampleRate: Int32(sampleRate))
    }

    /// 0 for a payload that is not a packet: its lengths do not add up.
    public func sampleCount(of payload: [UInt8]) -> Int {
        guard !payload.isEmpty, payload.count <= Self.largestPacket else { return 0 }
        let length = Int32(payload.count)
        // Proof: libopus reads `length` bytes of a buffer that has them, and writes at most 48 sizes: RFC 6716 §3.2.5.
        var sizes = [Int16](repeating: 0, count: 48)
        let frames = opus_packet_parse(payload, length, nil, nil, &sizes, nil)
        guard frames > 0 else { return 0 }
        return Int(max(0, opus_packet_get_nb_samples(payload, length, Int32(sampleRate))))
    }

    /// A payload that is not a packet yields no samples, and all of its bytes are reported as undecodable.
    public mutating func decode(_ payload: [UInt8], into samples: inout [Int16]) -> Int {
        let count = sampleCount(of: payload)
        guard count > 0 else { return payload.count }
        return state.decode(payload, count: count, into: &samples) ? 0 : payload.count
    }

    /// Uses the decoder's own concealment: the last sound continues and fades out.
    public mutating func conceal(_ count: Int, into samples: inout [Int16]) -> Bool {
        // The decoder conceals in steps of 2.5 ms; the last one is cut.
        let step = sampleRate / 400
        let start = samples.count
        while samples.count < start + count {
            let left = start + count - samples.count
            let piece = min((left + step - 1) / step, 48) * step
            guard state.decode(nil, count: piece, into: &samples) else { return false }
        }
        samples.removeLast(samples.count - start - count)
        return true
    }

    /// Encodes one packet. The samples are padded with silence to the next supported duration.
    ///
    /// - Precondition: at most 120 ms of samples.
    public mutating func encode(_ samples: ArraySlice<Int16>, into payload: inout [UInt8]) {
        guard !samples.isEmpty else { return }
        let step = sampleRate / 400
        let length = Self.lengths.first { $0 * step >= samples.count }
        precondition(length != nil, "an Opus packet has at most 120 ms")
        let count = (length ?? 48) * step
        var whole = Array(samples)
        whole.append(contentsOf: repeatElement(0, count: count - whole.count))
        payload += state.encode(whole, atMost: Self.largestPacket)
    }
}

/// The libopus encoder and decoder state, created on first use.
private final class OpusState {
    private let sampleRate: Int32
    private var encoder: OpaquePointer?
    private var decoder: OpaquePointer?

    init(sampleRate: Int32) { self.sampleRate = sampleRate }

    deinit {
        // Proof: each pointer came from its `create`, is owned by this object alone, and is not used after this.
        if let encoder { opus_encoder_destroy(encoder) }
        if let decoder { opus_decoder_destroy(decoder) }
    }

    /// Appends exactly `count` samples, or none.
    ///
    /// - Parameter payload: nil for a packet that is missing.
    func decode(_ payload: [UInt8]?, count: Int, into samples: inout [Int16]) -> Bool {
        if decoder == nil { decoder = opus_decoder_create(sampleRate, 1, nil) }
        guard let decoder else { return false }
        let start = samples.count
        samples.append(contentsOf: repeatElement(0, count: count))
        // Proof: the buffer has `count` samples from `start`, and libopus writes no more than the count passed; the
        // payload has as many bytes as stated. Both live for the call.
        let written = samples.withUnsafeMutableBufferPointer { buffer -> Int32 in
            guard let base = buffer.baseAddress else { return -1 }
            guard let payload else { return opus_decode(decoder, nil, 0, base + start, Int32(count), 0) }
            return opus_decode(decoder, payload, Int32(payload.count), base + start, Int32(count), 0)
        }
        guard written == Int32(count) else {
            samples.removeLast(count)
            return false
        }
        return true
    }

    func encode(_ samples: [Int16], atMost: Int) -> [UInt8] {
        if encoder == nil { encoder = opus_encoder_create(sampleRate, 1, OPUS_APPLICATION_VOIP, nil) }
        guard let encoder else { return [] }
        var packet = [UInt8](repeating: 0, count: atMost)
        // Proof: libopus reads as many samples and writes at most as many bytes as the buffers have.
        let written = opus_encode(encoder, samples, Int32(samples.count), &packet, Int32(atMost))
        return Array(packet.prefix(Int(max(0, written))))
    }
}
