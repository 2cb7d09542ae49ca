import Foundation
import SidetoneCallControl
import SidetoneEmulator
import SidetonePlayback
import Testing
import sidetone

/// Faults injected by the emulator, and how the server reports them.
@Suite(.serialized, .timeLimit(.minutes(2))) struct FaultTests {
    /// The counters of a summary, summed over both tracks.
    private struct Counters: Hashable {
        var packets = 0
        var duplicates = 0
        var late = 0
        var reordered = 0
        var gaps = 0
        var concealedMs = 0

        init(_ folder: TemporaryFolder, _ path: String) throws {
            let json = try JSONSerialization.jsonObject(with: Data(try folder.bytes("\(path)/summary.json")))
            let tracks = (json as? [String: Any])?["tracks"] as? [String: [String: Any]] ?? [:]
            for track in tracks.values {
                func number(_ name: String) -> Double { (track[name] as? NSNumber)?.doubleValue ?? -1 }
                packets += Int(number("packets"))
                duplicates += Int(number("duplicates"))
                late += Int(number("late"))
                reordered += Int(number("reordered"))
                gaps += Int(number("gaps"))
                concealedMs += Int((number("concealed_seconds") * 1_000).rounded())
            }
        }
    }

    private static let call = "CA00000000000000000000000000000001"

    private func play(_ fault: String, pace: String = "max") async throws -> (FaultCounts, Counters, TemporaryFolder) {
        let run = try await LiveServer.run(sinks: ["summary", "wav"]) { server in
            try await server.play {
                $0.fault = fault
                $0.seed = 7
                $0.callID = Self.call
                $0.pace = pace
            }
        }
        #expect(run.value.failures.isEmpty)
        return (run.value.faults, try Counters(run.output, try folder(in: run.output)), run.output)
    }

    /// Of the call's first stream.
    private func folder(in output: TemporaryFolder) throws -> String {
        let streams = try FileManager.default.contentsOfDirectory(atPath: "\(output.path)/\(Self.call)").sorted()
        return "\(Self.call)/\(try #require(streams.first { $0.hasPrefix("MZ") }))"
    }

    @Test func `the receiver counts dropped, duplicated and reordered packets`() async throws {
        let (_, whole, _) = try await play("")
        let (done, seen, _) = try await play("drop=3%,duplicate=3%,reorder=3%")
        #expect(done.dropped > 0 && done.duplicated > 0 && done.reordered > 0)
        #expect(seen.packets == whole.packets - done.dropped)
        #expect(seen.duplicates == done.duplicated)
        #expect(seen.reordered == done.reordered)
        // Packets of 20 ms; one missing at the very end of a track leaves no gap.
        #expect((done.dropped - 2...done.dropped).contains(seen.concealedMs / 20))
        #expect(seen.late == 0 && seen.gaps > 0)
    }

    @Test func `a seed reproduces the faults`() async throws {
        let first = try await play("drop=3%,duplicate=3%")
        let second = try await play("drop=3%,duplicate=3%")
        #expect(first.0 == second.0 && first.1 == second.1)
    }

    @Test func `media before the start, and no stop, lose nothing`() async throws {
        let (_, whole, _) = try await play("")
        let (done, seen, _) = try await play("media-before-start,no-stop")
        #expect(done.early == FaultedMessages.earlyMessages && done.stopsOmitted == 1)
        #expect(seen == whole)
    }

    @Test func `a reset connection leaves complete files as long as the media sent`() async throws {
        let (done, seen, output) = try await play("disconnect@2s")
        #expect(done.cuts == 1)
        // At most the packets of 20 ms due before 2 s; a reset may lose packets in flight.
        #expect((1...99 * 2).contains(seen.packets) && seen.gaps == 0)
        let bytes = try output.bytes("\(try output.onlyStream)/inbound.wav").count
        #expect((bytes - 44).isMultiple(of: 160 * 2) && bytes <= 44 + 99 * 160 * 2)
    }

    @Test func `a second socket for the same call overwrites nothing`() async throws {
        let (done, first, output) = try await play("second-socket")
        #expect(done.secondSockets == 1)
        let folders = try FileManager.default.contentsOfDirectory(atPath: "\(output.path)/\(Self.call)").sorted()
        #expect(folders.count == 2)
        for folder in folders { #expect(try Counters(output, "\(Self.call)/\(folder)") == first) }
    }

    @Test func `another codec than announced is suspected on both tracks and identified`() async throws {
        let run = try await LiveServer.run(sinks: ["jsonl", "log"]) { server in
            try await server.play {
                $0.fault = "wrong-codec"
                $0.callID = Self.call
            }
        }
        #expect(run.value.faults.wrongCodecs == 1)
        let lines = try run.output.text("\(try folder(in: run.output))/signals.jsonl").split(separator: "\n")
            .filter { $0.contains("\"sidetone.media.wrong_codec_suspected.v1\"") }
        #expect(lines.count == 2 && lines.allSatisfy { $0.contains(#""announced":"PCMA","sounds_like":"PCMU""#) })
        #expect(lines.count { $0.contains(#""track":"inbound""#) } == 1)
        let told = try await Program.run(["calls", Self.call, "--directory", run.output.path])
        let finding = "finding: inbound was announced as PCMA but sounds like PCMU"
        #expect(told.output.contains(finding), "\(told.output)")
    }

    @Test func `a call with only a summary is listed and printed`() async throws {
        let (_, _, output) = try await play("")
        let list = try await Program.run(["calls", "--directory", output.path, "--format", "json"])
        #expect(list.output.contains(#"{"call":"\#(Self.call)","start":"2"#), "\(list.output)")
        #expect(list.output.contains(#""streams":1,"end":"stream stop","findings":[]}"#), "\(list.output)")
        let told = try await Program.run(["calls", Self.call, "--directory", output.path])
        #expect(told.output.contains("summary   stream.ended  reason=stop"), "\(told.output)")
    }

    @Test func `a correct codec is never suspected`() async throws {
        for codec in ["pcmu", "pcma", "l16"] {
            let run = try await LiveServer.run(sinks: ["jsonl", "wav"]) { server in
                try await server.play {
                    $0.platform = "signalwire"
                    $0.codec = codec
                    $0.callID = Self.call
                }
            }
            let signals = try run.output.text("\(try run.output.onlyStream)/signals.jsonl")
            #expect(!signals.contains("wrong_codec_suspected"), "\(codec)")
        }
    }

    @Test func `another codec than announced affects only the audio`() async throws {
        let (_, whole, _) = try await play("")
        let (done, seen, _) = try await play("wrong-codec")
        #expect(done.wrongCodecs == 1 && seen == whole)
    }
}
