import NIOCore
import NIOWebSocket
import SidetoneModel
import Testing

@testable import SidetoneWebSocket

/// Frames by the letter of RFC 6455 §5.2, taken apart by hand.
@Suite struct FrameWriterTests {
    @Test(arguments: Array(0...20) + [125, 126, 127, 380, 65_535, 65_536])
    func `a frame has the shortest length encoding, and its payload is masked with its key`(count: Int) {
        var noise = SplitMix64(seed: UInt64(count))
        let payload = noise.bytes(count)
        var writer = FrameWriter(isMasking: true)
        var keys: Set<[UInt8]> = []
        for _ in 0..<3 {
            let frame = Array(writer.frame(.text, payload: payload).readableBytesView)
            #expect(frame[0] == 0x81)
            let short = frame[1]
            let bytes = frame.dropFirst(2)
            #expect(short & 0x80 == 0x80)
            let width = count < 126 ? 0 : count < 65_536 ? 2 : 8
            #expect(short & 0x7F == (width == 0 ? UInt8(count) : width == 2 ? 126 : 127))
            if width > 0 { #expect(bytes.prefix(width).reduce(0) { $0 << 8 | Int($1) } == count) }
            let key = Array(bytes.dropFirst(width).prefix(4))
            keys.insert(key)
            let masked = bytes.dropFirst(width + 4)
            #expect(masked.count == count)
            #expect(masked.enumerated().map { $0.element ^ key[$0.offset % 4] } == payload)
        }
        // Three equal keys of 32 bits by chance: once in 10^19.
        #expect(keys.count > 1)
    }

    @Test func `a server's frame is not masked`() {
        var writer = FrameWriter(isMasking: false)
        // The unmasked "Hello" of RFC 6455 §5.7.
        #expect(
            Array(writer.frame(.text, payload: Array("Hello".utf8)).readableBytesView)
                == [0x81, 0x05, 0x48, 0x65, 0x6C, 0x6C, 0x6F])
        #expect(Array(writer.frame(.pong, payload: []).readableBytesView) == [0x8A, 0x00])
    }
}
