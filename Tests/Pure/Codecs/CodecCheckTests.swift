import Foundation
import SidetoneModel
import SidetoneTestSignals
import Testing

@testable import SidetoneCodecs

/// On the calls in Samples/: recorded speech and spoken prompts, each track under each raw codec.
@Suite struct CodecCheckTests {
    private static let raw: [Encoding] = [.pcmu, .pcma, .l16, .l16BigEndian]
    private static let tracks: [(file: String, channel: Int, of: Int)] = [
        ("dead-air", 0, 2), ("dead-air", 1, 2), ("digits", 0, 2), ("digits", 1, 2), ("overtalk-inbound", 0, 1),
        ("overtalk-outbound", 0, 1),
    ]

    /// A track of a file with µ-law samples.
    private func samples(_ track: (file: String, channel: Int, of: Int)) throws -> [Int16] {
        let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Samples/calls/\(track.file).wav")
        let bytes = Array(try Data(contentsOf: file))
        let tag = try #require((12..<bytes.count - 8).first { bytes[$0..<$0 + 4].elementsEqual("data".utf8) })
        let body = bytes[(tag + 8)...]
        let codes = stride(from: body.startIndex + track.channel, to: body.endIndex, by: track.of).map { bytes[$0] }
        var samples: [Int16] = []
        _ = PCMU(sampleRate: 8_000).decode(codes, into: &samples)
        return samples
    }

    /// Packets of 20 ms at 8 kHz.
    private func packets(_ samples: [Int16], encoding: Encoding) throws -> [[UInt8]] {
        var codec = try CodecCatalog.codec(for: MediaFormat(encoding: encoding, sampleRate: 8_000))
        return stride(from: 0, to: samples.count - 159, by: 160).map { first in
            var payload: [UInt8] = []
            codec.encode(samples[first..<first + 160], into: &payload)
            return payload
        }
    }

    private func suspicion(
        _ packets: [[UInt8]], announced: Encoding, round: Int = 50
    ) -> (suspicion: CodecCheck.Suspicion?, isOpen: Bool) {
        var check = CodecCheck(announced: announced, packets: round)
        for packet in packets { if let found = check.inspect(packet) { return (found, check.isOpen) } }
        return (nil, check.isOpen)
    }

    @Test(arguments: tracks)
    func `the right codec is confirmed, not suspected`(_ track: (file: String, channel: Int, of: Int)) throws {
        let samples = try samples(track)
        for encoding in Self.raw {
            let end = suspicion(try packets(samples, encoding: encoding), announced: encoding)
            #expect(end.suspicion == nil, "\(encoding)")
            #expect(!end.isOpen, "\(encoding)")
        }
    }

    @Test(arguments: tracks)
    func `any other codec is suspected, and named`(_ track: (file: String, channel: Int, of: Int)) throws {
        let samples = try samples(track)
        for encoding in Self.raw {
            let packets = try packets(samples, encoding: encoding)
            for announced in Self.raw + [.opus] where announced != encoding {
                let end = suspicion(packets, announced: announced)
                #expect(end.suspicion?.soundsLike == encoding, "\(encoding) announced as \(announced)")
                #expect(end.suspicion?.announced == announced && !end.isOpen)
            }
        }
    }

    @Test func `bytes that no codec explains are reported as compressed`() {
        var random = SplitMix64(seed: 41)
        let packets = (0..<500).map { _ in (0..<160).map { _ in UInt8.random(in: 0...255, using: &random) } }
        for announced in [Encoding.pcmu, .pcma] {
            #expect(suspicion(packets, announced: announced).suspicion?.soundsLike == CodecCheck.compressed, "seed 41")
        }
        // Linear samples of loud noise are such bytes.
        #expect(suspicion(packets, announced: .l16).suspicion == nil, "seed 41")
        #expect(suspicion(packets, announced: .opus).suspicion == nil, "seed 41")
    }

    @Test func `Opus packets are recognised as Opus only`() throws {
        // Faster than it was spoken, so that the encoder has a whole band to tell.
        let sound = try Self.tracks.flatMap { try samples($0) }
        var opus = try Opus(sampleRate: 48_000)
        let packets = stride(from: 0, to: sound.count - 959, by: 960).map { first in
            var payload: [UInt8] = []
            opus.encode(sound[first..<first + 960], into: &payload)
            return payload
        }
        #expect(suspicion(packets, announced: .opus).suspicion == nil)
        for announced in [Encoding.pcmu, .pcma] {
            #expect(suspicion(packets, announced: announced).suspicion?.soundsLike == CodecCheck.compressed)
        }
    }

    @Test(arguments: [-50.0, -30, -20, -10, -3])
    func `noise raises no suspicion`(_ dBFS: Double) throws {
        let amplitude = Float(pow(10, dBFS / 20)) * Float(3).squareRoot()
        let noise = Voice.noise(count: 40_000, amplitude: min(1, amplitude), seed: 7)
            .map { Int16(max(-32_768, min(32_767, $0 * 32_768))) }
        for encoding in Self.raw {
            #expect(
                suspicion(try packets(noise, encoding: encoding), announced: encoding).suspicion == nil, "\(encoding)")
        }
    }

    @Test(arguments: [50.0, 440, 1_000, 1_850, 2_600, 3_400])
    func `tones raise no suspicion`(_ hertz: Double) throws {
        for level in [100.0, 3_000, 30_000] {
            let tone = (0..<40_000).map { Int16(level * sin(2 * .pi * hertz * Double($0) / 8_000 + 0.1)) }
            for encoding in Self.raw {
                let end = suspicion(try packets(tone, encoding: encoding), announced: encoding)
                #expect(end.suspicion == nil, "\(encoding), \(level)")
            }
        }
    }

    @Test func `a quiet sound with a DC offset raises no suspicion`() throws {
        // Of its linear bytes every other one hardly changes.
        let noise = Voice.noise(count: 40_000, amplitude: 0.002, seed: 3).map { Int16(3_000 + $0 * 32_768) }
        for encoding in Self.raw {
            #expect(
                suspicion(try packets(noise, encoding: encoding), announced: encoding).suspicion == nil, "\(encoding)")
        }
    }

    @Test func `silence and unusual packets are skipped`() {
        let odd: [[UInt8]] = [[], [1], [UInt8](repeating: 0xFF, count: 160), [UInt8](repeating: 0, count: 1_000_000)]
        for encoding in Self.raw {
            let end = suspicion((0..<200).flatMap { _ in odd }, announced: encoding)
            #expect(end.suspicion == nil && end.isOpen)
        }
    }

    @Test func `a round of no packets disables the check`() throws {
        let packets = try packets(try samples(("digits", 0, 2)), encoding: .pcmu)
        let end = suspicion(packets, announced: .pcma, round: 0)
        #expect(end.suspicion == nil && !end.isOpen)
    }
}
