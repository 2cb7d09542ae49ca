import Foundation
import SidetoneCodecs
import SidetoneModel
import Testing

@Suite struct OpusTests {
    /// Packets, and every fifth sample of what another decoder makes of them.
    private struct Reference {
        var skip = 0
        var packets: [[UInt8]] = []
        var samples: [Int] = []

        init(_ name: String) throws {
            let file = URL(filePath: #filePath).deletingLastPathComponent().appending(
                path: "References/opus-\(name).txt")
            for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
                let words = line.split(separator: " ")
                switch words[0] {
                case "skip": skip = try #require(Int(words[1]))
                case "packet":
                    let digits = Array(words[1])
                    packets.append(
                        stride(from: 0, to: digits.count, by: 2).compactMap {
                            UInt8(String(digits[$0...$0 + 1]), radix: 16)
                        })
                default: samples += words.dropFirst().compactMap { Int($0) }
                }
            }
        }
    }

    @Test(arguments: ["voice", "hybrid", "music"])
    func `decodes the same as ffmpeg's own decoder`(name: String) throws {
        let reference = try Reference(name)
        var codec = try Opus(sampleRate: 48_000)
        var samples: [Int16] = []
        for packet in reference.packets {
            #expect(codec.sampleCount(of: packet) == 960)
            #expect(codec.decode(packet, into: &samples) == 0)
        }
        /// What is left of the reference's power when ours is taken away, ours read `lag` samples later.
        func error(lag: Int) -> Double {
            var (left, power) = (0.0, 0.0)
            for (n, value) in reference.samples.enumerated().dropFirst(40) {
                let place = reference.skip + 5 * n + lag
                guard samples.indices.contains(place) else { break }
                left += Double(value - Int(samples[place])) * Double(value - Int(samples[place]))
                power += Double(value) * Double(value)
            }
            return left / power
        }
        // CELT is the same to a rounding: −100 dB. SILK's samples are brought to 48 kHz by a filter that RFC 6716 leaves
        // to the decoder: ffmpeg's is some samples later, and of another shape near its edge. What is left is below −20 dB;
        // of a packet that was read wrongly everything would be left.
        let worst = name == "music" ? error(lag: 0) : (-8...0).map(error).min() ?? 1
        #expect(worst < (name == "music" ? 1e-10 : 0.01), "\(10 * log10(worst)) dB")
    }

    /// 400 Hz at half of full scale.
    private func tone(_ count: Int, rate: Int) -> [Int16] {
        (0..<count).map { Int16((16_000 * sin(2 * Double.pi * 400 * Double($0) / Double(rate))).rounded()) }
    }

    @Test(arguments: Opus.sampleRates)
    func `a tone comes back as the tone, a little later`(rate: Int) throws {
        var codec = try Opus(sampleRate: rate)
        let length = rate / 50
        let sound = tone(50 * length, rate: rate)
        var samples: [Int16] = []
        for start in stride(from: 0, to: sound.count, by: length) {
            var packet: [UInt8] = []
            codec.encode(sound[start..<start + length], into: &packet)
            // 20 ms of 8 to 48 kHz speech need a few dozen bytes; a raw packet has 320 at least.
            #expect((3...300).contains(packet.count))
            #expect(codec.decode(packet, into: &samples) == 0)
        }
        // 6.5 ms late: RFC 7845 §4.2 names 80 ms for all to settle.
        let late = rate * 65 / 10_000
        let from = rate / 5
        let error = (from..<sound.count - late).reduce(0.0) { sum, n in
            let difference = Double(samples[n + late]) - Double(sound[n])
            return sum + difference * difference
        }
        let power = (from..<sound.count - late).reduce(0.0) { $0 + Double(sound[$1]) * Double(sound[$1]) }
        // −10 dB: at 11 kbit/s a voice coder keeps a tone's shape only roughly.
        #expect(error / power < 0.1, "\(10 * log10(error / power)) dB")
    }

    @Test func `garbage is rejected with all its bytes, and the next packet decodes`() throws {
        var codec = try Opus(sampleRate: 16_000)
        var packet: [UInt8] = []
        codec.encode(tone(320, rate: 16_000)[...], into: &packet)
        var samples: [Int16] = []
        // RFC 6716 §3.4: a count that is missing, more than 120 ms, two frames of one size in an odd number of bytes.
        for garbage: [UInt8] in [[0x7B], [0x7B, 0x3F], [0x79, 1, 2, 3]] {
            #expect(codec.sampleCount(of: garbage) == 0)
            #expect(codec.decode(garbage, into: &samples) == garbage.count)
            #expect(samples.isEmpty)
        }
        #expect(codec.sampleCount(of: [UInt8](repeating: 0x78, count: 10_000)) == 0)
        #expect(codec.decode(packet, into: &samples) == 0)
        #expect(samples.count == 320)
    }

    @Test func `missing audio is extrapolated and fades to silence`() throws {
        var codec = try Opus(sampleRate: 8_000)
        var samples: [Int16] = []
        for start in stride(from: 0, to: 4_000, by: 160) {
            var packet: [UInt8] = []
            codec.encode(tone(4_000, rate: 8_000)[start..<start + 160], into: &packet)
            _ = codec.decode(packet, into: &samples)
        }
        func peak(_ samples: ArraySlice<Int16>) -> Int { samples.map { abs(Int($0)) }.max() ?? 0 }
        let loud = peak(samples.suffix(160))
        var concealed: [Int16] = []
        #expect(codec.conceal(160, into: &concealed))
        #expect(peak(concealed[...]) > loud / 4)
        #expect(codec.conceal(8_000, into: &concealed))
        #expect(concealed.count == 8_160)
        #expect(peak(concealed.suffix(800)) < loud / 20)
    }

    @Test func `a rate that Opus does not support is rejected`() {
        #expect(throws: CodecError.self) { try Opus(sampleRate: 44_100) }
    }
}
