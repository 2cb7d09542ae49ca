import NIOCore
import NIOWebSocket
import SidetoneModel
import Testing

@testable import SidetoneWebSocket

/// Frames built by hand as RFC 6455 §5.2 has them, cut as a network may cut them.
@Suite struct FrameReaderTests {
    private struct Message: Equatable {
        var opcode: UInt8
        var isLast: Bool
        var payload: [UInt8]
    }

    private static func read(_ pieces: [[UInt8]], limit: Int = 70_000) throws -> [Message] {
        var reader = FrameReader(limit: limit)
        var read: [Message] = []
        for piece in pieces {
            reader.add(ByteBuffer(bytes: piece))
            while let frame = try reader.next() {
                var payload: [UInt8] = []
                reader.consume(frame, appendingTo: &payload)
                read.append(
                    Message(opcode: UInt8(webSocketOpcode: frame.opcode), isLast: frame.isLast, payload: payload))
            }
        }
        return read
    }

    @Test(arguments: [true, false], [1, 2, 3, 7, 400, 1_000_000])
    func `frames do not depend on how the bytes are split`(isMasked: Bool, piece: Int) throws {
        var noise = SplitMix64(seed: UInt64(piece))
        // Of every width of length; after the longest, short ones again.
        let sizes = piece < 7 ? [0, 1, 4, 125, 126, 127, 300] : [0, 5, 125, 126, 380, 65_535, 65_536, 3, 0, 1_000]
        let sent = sizes.enumerated().map { index, size in
            Message(opcode: index % 2 == 0 ? 1 : 2, isLast: index % 3 != 0, payload: noise.bytes(size))
        }
        let bytes = sent.flatMap { frame(($0.isLast ? 0x80 : 0) | $0.opcode, payload: $0.payload, isMasked: isMasked) }
        let pieces = stride(from: 0, to: bytes.count, by: piece).map { Array(bytes[$0..<min($0 + piece, bytes.count)]) }
        #expect(try Self.read(pieces) == sent)
    }

    @Test func `a frame is masked or not, and extended or not`() throws {
        var reader = FrameReader(limit: 10)
        reader.add(ByteBuffer(bytes: frame(0xC1, text: "a") + frame(0x91, payload: [0x61], isMasked: false)))
        for isMasked in [true, false] {
            let next = try #require(try reader.next())
            #expect((next.key != nil) == isMasked)
            #expect(next.isExtended)
            var payload: [UInt8] = [9]
            reader.consume(next, appendingTo: &payload)
            #expect(payload == [9, 0x61])
        }
        #expect(try reader.next() == nil)
    }

    @Test(arguments: [11, 126, 65_536, 1 << 62, Int.min])
    func `a payload over the limit is rejected by its header alone`(claim: Int) {
        var reader = FrameReader(limit: 10)
        reader.add(ByteBuffer(bytes: frame(0x82, claim: claim)))
        #expect(throws: FrameReader.Failure.tooLong) { try reader.next() }
    }

    @Test(arguments: [frame(0x09, text: "a"), frame(0x08), frame(0x89, claim: 126)])
    func `a fragmented control frame or one of more than 125 bytes is rejected`(bytes: [UInt8]) {
        var reader = FrameReader(limit: 1_000)
        reader.add(ByteBuffer(bytes: bytes))
        #expect(throws: FrameReader.Failure.badControlFrame) { try reader.next() }
    }

    @Test func `an incomplete header is awaited`() throws {
        let bytes = frame(0x82, payload: [UInt8](repeating: 7, count: 70_000))
        var reader = FrameReader(limit: 70_000)
        for byte in bytes.prefix(14) {
            #expect(try reader.next() == nil)
            reader.add(ByteBuffer(bytes: [byte]))
        }
        #expect(try reader.next() == nil)
        reader.add(ByteBuffer(bytes: bytes[14...]))
        #expect(try reader.next()?.length == 70_000)
    }

    /// What is read, up to the failure that ends it.
    private static func outcome(_ pieces: [[UInt8]]) -> (messages: [Message], failure: FrameReader.Failure?) {
        var reader = FrameReader(limit: 1_000)
        var read: [Message] = []
        for piece in pieces {
            reader.add(ByteBuffer(bytes: piece))
            do throws(FrameReader.Failure) {
                while let frame = try reader.next() {
                    var payload: [UInt8] = []
                    reader.consume(frame, appendingTo: &payload)
                    read.append(
                        Message(opcode: UInt8(webSocketOpcode: frame.opcode), isLast: frame.isLast, payload: payload))
                }
            } catch { return (read, error) }
        }
        return (read, nil)
    }

    @Test func `damaged frames are read and rejected alike, however they are split`() {
        let seed = UInt64.random(in: 0...(.max))
        print("FrameReaderTests: seed \(seed)")
        var random = SplitMix64(seed: seed)
        for _ in 0..<2_000 {
            var bytes: [UInt8] = []
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let size = [0, 1, 125, 126, 300].randomElement(using: &random) ?? 0
                bytes += frame(
                    [0x81, 0x82, 0x01, 0x80, 0x88, 0x89].randomElement(using: &random) ?? 0x81,
                    payload: random.bytes(size),
                    isMasked: Bool.random(using: &random))
            }
            for _ in 0..<Int.random(in: 0...4, using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] =
                    [0, 0x7D, 0x7E, 0x7F, 0x80, 0xFE, 0xFF].randomElement(using: &random) ?? 0
            }
            let whole = Self.outcome([bytes])
            var pieces: [[UInt8]] = []
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = min(rest.count, Int.random(in: 1...40, using: &random))
                pieces.append(Array(rest.prefix(count)))
                rest = rest.dropFirst(count)
            }
            let cut = Self.outcome(pieces)
            #expect(cut.messages == whole.messages && cut.failure == whole.failure, "seed \(seed)")
        }
    }
}
