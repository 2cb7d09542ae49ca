import SidetoneModel
import Testing

@testable import SidetoneWebSocket

@Suite struct MaskingTests {
    /// The masked "Hello" of RFC 6455 §5.7.
    @Test func `the example of the standard is unmasked`() {
        var bytes: [UInt8] = [0x7F, 0x9F, 0x4D, 0x51, 0x58]
        Masking.apply([0x37, 0xFA, 0x21, 0x3D], to: &bytes, from: 0)
        #expect(bytes == Array("Hello".utf8))
    }

    @Test(arguments: Array(0...70) + [380, 1_023])
    func `every length is masked byte by byte, and preceding bytes are not touched`(length: Int) {
        var noise = SplitMix64(seed: UInt64(length) + 1)
        let key: [UInt8] = noise.bytes(4)
        for start in [0, 1, 3, 8, 17] {
            let before = noise.bytes(start)
            let plain = noise.bytes(length)
            var bytes = before + plain
            Masking.apply([key[0], key[1], key[2], key[3]], to: &bytes, from: start)
            #expect(bytes == before + plain.enumerated().map { $0.element ^ key[$0.offset % 4] })
        }
    }
}
