import SidetoneCodecs
import Testing

@Suite struct L16Tests {
    private static let samples: [Int16] = [0, 1, -1, 0x1234, .min, .max]

    @Test func `the low byte comes first`() {
        var payload: [UInt8] = []
        L16(sampleRate: 16_000).encode(Self.samples[...], into: &payload)
        #expect(payload == [0, 0, 1, 0, 0xFF, 0xFF, 0x34, 0x12, 0x00, 0x80, 0xFF, 0x7F])
    }

    @Test func `the high byte comes first where the stream is big-endian`() {
        var payload: [UInt8] = []
        L16BigEndian(sampleRate: 16_000).encode(Self.samples[...], into: &payload)
        #expect(payload == [0, 0, 0, 1, 0xFF, 0xFF, 0x12, 0x34, 0x80, 0x00, 0x7F, 0xFF])
    }

    @Test(arguments: [L16.self, L16BigEndian.self] as [any AudioCodec.Type])
    func `every sample comes back`(_ type: any AudioCodec.Type) throws {
        var codec = try type.init(sampleRate: 8_000)
        let all = (Int16.min...Int16.max).map { $0 }
        var payload: [UInt8] = []
        codec.encode(all[...], into: &payload)
        var decoded: [Int16] = []
        #expect(codec.decode(payload, into: &decoded) == 0)
        #expect(decoded == all)
    }

    @Test(arguments: [L16.self, L16BigEndian.self] as [any AudioCodec.Type])
    func `half a sample at the end is reported and skipped`(_ type: any AudioCodec.Type) throws {
        var codec = try type.init(sampleRate: 8_000)
        var decoded: [Int16] = []
        #expect(codec.decode([0, 0, 7], into: &decoded) == 1)
        #expect(decoded == [0])
        #expect(codec.sampleCount(of: [7]) == 0)
    }
}
