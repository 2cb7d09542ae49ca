import Foundation
import SidetoneCallControl
import SidetoneModel
import Testing

/// The emulator, killed while it records.
@Suite(.serialized) struct RecordingKillTests {
    @Test(.timeLimit(.minutes(5)))
    func `after a kill at any time, a recording opens, lacks at most a second, and is not marked completed`()
        async throws
    {
        let seed = UInt64.random(in: 0 ... .max)
        print("recording, killed at any moment: seed \(seed)")
        var generator = SplitMix64(seed: seed)
        let voices = try ["inbound", "outbound"].map { try Samples.read(Project.sample("overtalk-\($0).wav")) }
        for round in 1...8 {
            let folder = try TemporaryFolder()
            // From half a second to nearly all of the call; less than a block is not in any file yet.
            let least = Int.random(in: 4_000..<150_000, using: &generator)
            let run = try await LiveServer.run(tls: true, sinks: ["wav"]) { server in
                _ = try folder.write(
                    "flow.json",
                    text: """
                        {"actions":[{"start_stream":{"stream_url":"\(server.url)","track":"both"}},{"start_recording":{}}]}
                        """)
                let call = try ShellCommand(
                    "sidetone call --actions flow.json --platform minivoice --call-id killed --pace 8 --allow-loopback "
                        + "--ca \(server.ca ?? "") --recordings recordings "
                        + "--inbound \(Project.sample("overtalk-inbound.wav")) "
                        + "--outbound \(Project.sample("overtalk-outbound.wav"))", in: folder.path)
                try await Wait.until(
                    "the recording holds \(least) frames, or the call is over",
                    seen: { "\(Self.size(folder)) bytes, \(call.output)" }
                ) { Self.size(folder) >= 44 + least * 4 || !call.isRunning }
                call.end()
                return await call.finish()
            }
            #expect(run.value.output == "", "round \(round) of seed \(seed)")
            let path = "\(folder.path)/recordings/rec_killed.wav"
            let recorded = try Samples.read(path)
            #expect(try await Samples.countBySox(path) == recorded.count / 2)
            for (side, voice) in voices.enumerated() {
                let kept = stride(from: side, to: recorded.count, by: 2).map { recorded[$0] }
                #expect(kept[...] == voice[..<kept.count], "round \(round) of seed \(seed)")
            }
            // Audio that the stream's receiver has was part of the call.
            let heard = try Samples.read("\(run.output.path)/\(try run.output.onlyStream)/inbound.wav").count
            #expect(recorded.count / 2 >= max(heard - 8_000, least - 4_000), "round \(round) of seed \(seed)")
            let recording = try Recording.read(Array(try folder.bytes("recordings/rec_killed.json")))
            #expect(recording.status == "started")
            #expect(recording.sizeBytes == nil && recording.fileURL.isEmpty)
        }
    }

    private static func size(_ folder: TemporaryFolder) -> Int {
        let path = "\(folder.path)/recordings/rec_killed.wav"
        return (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0
    }
}
