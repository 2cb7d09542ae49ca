import SidetoneCodecs
import SidetoneModel
import Testing

/// What every codec must do. `CodecCatalog` says which there are; a new one is tested by being in it.
@Suite("Every codec") struct EveryCodecTests {
    private func codec(_ type: any AudioCodec.Type) throws -> any AudioCodec {
        try type.init(sampleRate: try #require(type.sampleRates.first))
    }

    /// How many samples a packet may have at the codec's first rate: a few of each kind.
    private func counts(_ type: any AudioCodec.Type) throws -> [Int] {
        guard let lengths = type.packetMs else { return [1, 7, 80, 160, 1_600] }
        let rate = try #require(type.sampleRates.first)
        return lengths.map { $0 * rate / 1_000 }
    }

    /// Samples of every size, both signs, in no order.
    private static let samples = (0..<65_536).map { Int16(truncatingIfNeeded: $0 &* 40_503) }

    @Test(arguments: CodecCatalog.all)
    func `decodes as many samples as it encoded`(_ type: any AudioCodec.Type) throws {
        var codec = try codec(type)
        for count in try counts(type) {
            var payload: [UInt8] = []
            codec.encode(Self.samples[0..<count], into: &payload)
            #expect(codec.sampleCount(of: payload) == count)
            var decoded: [Int16] = []
            #expect(codec.decode(payload, into: &decoded) == 0)
            #expect(decoded.count == count)
        }
    }

    @Test(arguments: CodecCatalog.all.filter { $0.isLossless })
    func `re-encoding loses nothing further`(_ type: any AudioCodec.Type) throws {
        var codec = try codec(type)
        var once: [UInt8] = []
        codec.encode(Self.samples[...], into: &once)
        var decoded: [Int16] = []
        _ = codec.decode(once, into: &decoded)
        var twice: [UInt8] = []
        codec.encode(decoded[...], into: &twice)
        var again: [Int16] = []
        _ = codec.decode(twice, into: &again)
        #expect(again == decoded)
        // G.711's steps are a sixteenth of their segment at most: half of one is 1/32, and the lowest segment's half is 8.
        // Beyond the ceiling the rest is lost as well.
        for (before, after) in zip(Self.samples, decoded) {
            let size = abs(Int(before))
            let clipped = max(0, size - Int(type.ceiling * 32_768))
            #expect(abs(Int(before) - Int(after)) <= size / 32 + 8 + clipped)
        }
    }

    @Test(arguments: CodecCatalog.all)
    func `appends, and preserves existing elements`(_ type: any AudioCodec.Type) throws {
        var codec = try codec(type)
        var payload: [UInt8] = [1, 2, 3]
        let count = try counts(type)[1]
        codec.encode(Self.samples[100..<100 + count], into: &payload)
        #expect(payload.prefix(3) == [1, 2, 3])
        var decoded: [Int16] = [7]
        _ = codec.decode(Array(payload.dropFirst(3)), into: &decoded)
        #expect(decoded.first == 7)
        #expect(decoded.count == 1 + count)
    }

    @Test(arguments: CodecCatalog.all)
    func `an empty payload has no samples`(_ type: any AudioCodec.Type) throws {
        var codec = try codec(type)
        var decoded: [Int16] = []
        #expect(codec.sampleCount(of: []) == 0)
        #expect(codec.decode([], into: &decoded) == 0)
        #expect(decoded.isEmpty)
        var payload: [UInt8] = []
        codec.encode([], into: &payload)
        #expect(payload.isEmpty)
    }

    @Test(arguments: CodecCatalog.all)
    func `any payload decodes, and its surplus bytes are reported`(_ type: any AudioCodec.Type) throws {
        for count in 0..<64 {
            let payload = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 73 &+ count) }
            var decoded: [Int16] = []
            var first = try codec(type)
            let odd = first.decode(payload, into: &decoded)
            #expect(decoded.count == first.sampleCount(of: payload))
            #expect((0...max(0, count)).contains(odd))
            // The odd bytes are those at the end: without them, the samples are the same.
            var whole: [Int16] = []
            var second = try codec(type)
            #expect(second.decode(payload.dropLast(odd), into: &whole) == 0)
            #expect(whole == decoded)
        }
    }

    @Test(arguments: CodecCatalog.all)
    func `concealment yields as many samples as are missing`(_ type: any AudioCodec.Type) throws {
        var codec = try codec(type)
        var payload: [UInt8] = []
        codec.encode(Self.samples[0..<(try counts(type)[2])], into: &payload)
        var decoded: [Int16] = []
        _ = codec.decode(payload, into: &decoded)
        for count in [1, 19, 160, 1_600] {
            var samples: [Int16] = [7]
            let isOwn = codec.conceal(count, into: &samples)
            #expect(samples.count == 1 + (isOwn ? count : 0))
            #expect(samples.first == 7)
        }
    }

    @Test(arguments: CodecCatalog.all)
    func `an unsupported packet duration is rejected with the supported ones`(
        _ type: any AudioCodec.Type
    ) throws {
        guard let lengths = type.packetMs else { return try type.check(packetMs: 33) }
        for length in lengths { try type.check(packetMs: length) }
        #expect {
            try type.check(packetMs: 33)
        } throws: { ($0 as? CodecError)?.code == .unsupportedPacket }
    }

    @Test(arguments: CodecCatalog.all.filter { $0.isLossless })
    func `full scale decodes to its ceiling`(_ type: any AudioCodec.Type) throws {
        var codec = try codec(type)
        var payload: [UInt8] = []
        codec.encode([.max], into: &payload)
        var decoded: [Int16] = []
        _ = codec.decode(payload, into: &decoded)
        #expect(decoded.map { Float($0) / 32_768 } == [type.ceiling])
    }

    @Test(arguments: CodecCatalog.all)
    func `is found by each of its names, in any case, with parameters`(_ type: any AudioCodec.Type) throws {
        for name in [type.encoding.rawValue] + type.aliases {
            for text in [name, name.uppercased(), "\(name);rate=8000", "\(name) ; rate=8000", "\(name)@8000h@20i"] {
                #expect(CodecCatalog.named(text)?.encoding == type.encoding, "\(text)")
            }
            #expect(name == type.encoding.rawValue || name == name.lowercased(), "aliases are in lower case")
        }
    }

    @Test(arguments: CodecCatalog.all)
    func `is created for each of its rates, and for no other`(_ type: any AudioCodec.Type) throws {
        for rate in type.sampleRates {
            let made = try CodecCatalog.codec(for: MediaFormat(encoding: type.encoding, sampleRate: rate))
            #expect(Swift.type(of: made).encoding == type.encoding)
        }
        for rate in [0, -8_000, 1, 8_001, .max] {
            #expect {
                try CodecCatalog.codec(for: MediaFormat(encoding: type.encoding, sampleRate: rate))
            } throws: { ($0 as? CodecError)?.code == .unsupportedRate }
        }
    }
}
