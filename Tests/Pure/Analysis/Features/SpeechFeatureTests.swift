import Foundation
import SidetoneAnalysis
import SidetoneModel
import Testing

@Suite struct SpeechFeatureTests {
    /// How many rows of a sound have each class, by `sound_class`.
    private func classes(of samples: [Float]) throws -> [Int: Int] {
        let column = SpeechFeature.columns(on: FrameGrid(sampleRate: 8_000)).firstIndex { $0.name == "sound_class" }
        let place = try #require(column)
        return try rows(of: samples, on: FrameGrid(sampleRate: 8_000), ["speech"]).reduce(into: [:]) { counts, row in
            counts[Int(row[place]), default: 0] += 1
        }
    }

    @Test func `digital silence is silence in every row`() throws {
        #expect(try classes(of: [Float](repeating: 0, count: 16_000)) == [0: 198])
    }

    @Test func `a dial tone is a tone, and never speech`() throws {
        // 350 and 440 Hz, ITU-T E.180 supplement 2, United States.
        let tone = zip(sine(350, amplitude: 0.1, count: 32_000), sine(440, amplitude: 0.1, count: 32_000))
        let counts = try classes(of: tone.map { $0 + $1 })
        #expect(counts[1] == nil)
        #expect((counts[3] ?? 0) > 300)
    }

    @Test func `a phrase is speech in most of its rows`() throws {
        // 3.9 s of one voice; Audio/README.md names the origin.
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let bytes = try [UInt8](Data(contentsOf: folder.appending(path: "Audio/conf-invalid.wav")).dropFirst(44))
        let phrase = (0..<bytes.count / 2).map {
            Float(Int16(bitPattern: UInt16(bytes[2 * $0]) | UInt16(bytes[2 * $0 + 1]) << 8)) / 32_768
        }
        let counts = try classes(of: phrase)
        #expect((counts[1] ?? 0) > 250)
        #expect(counts[2, default: 0] + counts[3, default: 0] < 20)
    }
}
