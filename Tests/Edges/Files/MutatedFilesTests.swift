import Foundation
import SidetoneCodecs
import SidetoneModel
import SidetonePipeline
import Testing

@testable import SidetoneFiles

/// Files with a few bytes changed: they are read or refused, without a trap or an endless loop.
@Suite(.timeLimit(.minutes(1))) struct MutatedFilesTests {
    private let directory: TemporaryDirectory
    private let seed: UInt64

    init() throws {
        directory = try TemporaryDirectory()
        seed = .random(in: 0...(.max))
        print("MutatedFilesTests: seed \(seed)")
    }

    /// Sets up to four bytes among the first `reach` to values that often break readers; sometimes cuts the end off.
    private func mutated(_ bytes: [UInt8], reach: Int, using random: inout SplitMix64) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            let place = Int.random(in: 0..<min(reach, bytes.count), using: &random)
            bytes[place] =
                Bool.random(using: &random)
                ? UInt8.random(in: 0...255, using: &random)
                : [0, 1, 0x7F, 0x80, 0xFF, 0x22, 0x2D, 0x39, 0x5C, 0x7B, 0x0A].randomElement(using: &random) ?? 0
        }
        if Int.random(in: 0..<4, using: &random) == 0 {
            bytes.removeLast(Int.random(in: 0...bytes.count, using: &random))
        }
        return bytes
    }

    private func wave(channels: Int) -> [UInt8] {
        WAVHeader.make(sampleRate: 8_000, channels: channels, dataBytes: 1_600)
            + (0..<1_600).map { UInt8(truncatingIfNeeded: $0 &* 37) }
    }

    @Test(arguments: [1, 2])
    func `recordings`(channels: Int) throws {
        var random = SplitMix64(seed: seed)
        let whole = wave(channels: channels)
        for _ in 0..<400 {
            let bytes = mutated(whole, reach: 48, using: &random)
            try directory.write(bytes, to: "mutated.wav")
            guard let reader = try? AudioFileReader(path: "\(directory.path)/mutated.wav") else { continue }
            var tracks: [[Int16]] = []
            var frames = 0
            while let count = try? reader.read(1_000, into: &tracks), count > 0 {
                frames += count
                // No format packs more than eight samples into a byte.
                guard frames <= bytes.count * 8 else {
                    Issue.record("seed \(seed): \(frames) frames out of \(bytes.count) bytes")
                    return
                }
            }
        }
    }

    @Test func `recordings that are repaired after a crash`() throws {
        var random = SplitMix64(seed: seed)
        let whole = wave(channels: 2)
        for _ in 0..<400 {
            try directory.write(mutated(whole, reach: 48, using: &random), to: "mutated.wav")
            let path = "\(directory.path)/mutated.wav"
            let size = try directory.bytes("mutated.wav").count
            let descriptor = open(path, O_RDWR)
            #expect(descriptor >= 0)
            if let bytes = try? WAVHeader.repair(descriptor, fileBytes: Int64(size), path: path) {
                #expect((0...Int64(size)).contains(bytes), "seed \(seed)")
            }
            // Closes it.
            if let recording = WAVHeader.recording(descriptor, name: "mutated.wav") {
                #expect(recording.seconds.isFinite, "seed \(seed)")
            }
        }
    }

    @Test func `captures`() throws {
        var random = SplitMix64(seed: seed)
        let sample = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().appending(
                path: "Samples/streams/twilio/capture.jsonl")
        let lines = try Data(contentsOf: sample).split(separator: UInt8(ascii: "\n")).prefix(6)
        let whole = Array(lines.joined(separator: [UInt8(ascii: "\n")])) + [UInt8(ascii: "\n")]
        for _ in 0..<400 {
            let bytes = mutated(whole, reach: whole.count, using: &random)
            try directory.write(bytes, to: "mutated.jsonl")
            guard let reader = try? CaptureReader(path: "\(directory.path)/mutated.jsonl") else { continue }
            var isOver = false
            // An invalid line is skipped: there are no more of them than line ends.
            for _ in 0...bytes.count(where: { $0 == UInt8(ascii: "\n") }) + 1 where !isOver {
                do throws(FileError) {
                    guard let message = try reader.next() else {
                        isOver = true
                        continue
                    }
                    #expect((0...1e9).contains(message.arrival), "seed \(seed)")
                } catch {
                    #expect(error.detail.hasPrefix("line "), "seed \(seed): \(error)")
                }
            }
            #expect(isOver, "seed \(seed)")
        }
    }
}
