import Foundation
import SidetoneAnalysis
import SidetoneConfiguration
import SidetoneJSON
import SidetoneModel
import SidetonePipeline
import SidetoneServer
import SidetoneTracks
import Testing

/// What is wrong in a pipeline file is said with its line, all of it at once.
@Suite struct PipelineFileTests {
    private func problems(_ text: String) -> [String] {
        do throws(Diagnostics) {
            _ = try PipelineFile.read(text: text, file: "live.yaml")
            return []
        } catch {
            return error.all.map(\.description)
        }
    }

    @Test func `a sound file has no problem, and says what it says`() throws {
        let settings = try PipelineFile.read(
            text: """
                sources:
                  - websocket: { listen: "127.0.0.1:0", allow_plaintext: true, dialect: signalwire }
                stages:
                  - align: { reorder_packets: 9 }
                  - measure: { hop_ms: 20, features: [level] }
                  - detect: { onset_ms: 100 }
                  - signal: { dead_air_ms: 7000 }
                sinks:
                  - csv: { directory: here }
                """, file: "live.yaml")
        #expect(settings.source?.dialect == "signalwire")
        #expect(settings.stream.timeline.reorderPackets == 9)
        #expect(settings.stream.analysis.hopMs == 20)
        #expect(settings.stream.analysis.features == ["level"])
        #expect(settings.stream.analysis.detect.onsetMs == 100)
        #expect(settings.stream.makesSignals)
        #expect(settings.directories == ["here"])
    }

    @Test func `without its stages nothing is measured and nothing signalled`() throws {
        let settings = try PipelineFile.read(text: "sinks:\n  - wav", file: "live.yaml")
        #expect(settings.stream.analysis.features == [])
        #expect(!settings.stream.makesSignals)
    }

    @Test(arguments: [
        ("", "live.yaml:1: is empty; expected sources, stages and sinks"),
        ("sinks: []", "live.yaml:1: sinks is empty; add at least one, such as - csv: { directory: out }"),
        ("stages:\n  - measure", "live.yaml:1: sinks is missing; add at least one, such as - csv: { directory: out }"),
        (
            "sinks:\n  - csv\nsink: 1",
            "live.yaml:3: \"sink\" is not a part of a pipeline; did you mean \"sinks\"? Available: sources, stages, sinks"
        ),
        ("sinks:\n  - csv: { directory: }", "live.yaml:2: sinks.csv.directory has no value"),
        (
            "sinks:\n  - csv\nstages:\n  - measure: { mel_bands: 1 }",
            "live.yaml:4: stages.measure.mel_bands is 1; expected 2…128"
        ),
        (
            "sinks:\n  - csv\nstages:\n  - signal: { dead_air: 5 }",
            "live.yaml:4: stages.signal.dead_air is not a setting; did you mean \"dead_air_ms\"?"
        ),
        ("sinks:\n  - csv\nstages:\n  - detect\n  - detect", "live.yaml:5: stages.detect is given twice; keep one"),
        (
            "sinks: csv",
            "live.yaml:1: sinks is not a list; write each entry on its own line: - name: { setting: value }"
        ),
        ("sinks:\n  - csv\n : [", "live.yaml:3: is not YAML"),
    ])
    func `a problem names its line, its setting and the way out`(text: String, problem: String) {
        let found = problems(text)
        #expect(found.contains { $0.hasPrefix(problem) }, "\(found)")
    }

    @Test func `a hop longer than the window is a problem that names the way out`() {
        let found = problems("sinks:\n  - csv\nstages:\n  - measure: { hop_ms: 30, features: [level] }")
        #expect(found.count == 1)
        #expect(found.first?.contains("set hop_ms to 25 or less, or window_ms to 30 or more") == true, "\(found)")
    }

    @Test func `a grid that a measure cannot work on is found before the first call`() {
        let measure = "measure: { window_ms: 10, features: [mel], mel_bands: 128 }"
        let found = problems("sinks:\n  - csv\nstages:\n  - \(measure)")
        #expect(found.count == 1)
        #expect(found.first?.hasPrefix("live.yaml:4: stages.measure cannot work on 8 kHz: ") == true, "\(found)")
    }

    @Test func `a file with letters changed is read, or refused with lines`() throws {
        let seed = UInt64.random(in: 0...(.max))
        print("PipelineFileTests: seed \(seed)")
        var random = SplitMix64(seed: seed)
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Pipelines")
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .filter { $0.pathExtension == "yaml" }
        #expect(!files.isEmpty)
        let signs = Array("{}[]:,-#&*!|>'\"%@` \n\t0189.eE+null~\u{0}\u{1B}\u{85}é".unicodeScalars)
        for file in files.sorted(by: { $0.path < $1.path }) {
            let whole = Array(try String(contentsOf: file, encoding: .utf8).unicodeScalars)
            for _ in 0..<120 {
                var text = whole
                for _ in 0..<Int.random(in: 1...4, using: &random) {
                    let place = Int.random(in: 0..<text.count, using: &random)
                    let sign = signs.randomElement(using: &random) ?? " "
                    if Bool.random(using: &random) { text[place] = sign } else { text.insert(sign, at: place) }
                }
                var string = String.UnicodeScalarView()
                string.append(contentsOf: text)
                do throws(Diagnostics) {
                    _ = try PipelineFile.read(text: String(string), file: "mutated.yaml")
                } catch {
                    #expect(!error.isEmpty && error.all.allSatisfy { $0.line ?? 0 >= 1 }, "seed \(seed)")
                }
            }
        }
    }
}
