import Foundation
import SidetoneAssembly
import SidetoneCallFlow
import SidetoneModel
import SidetoneServer
import Testing

/// The same audio gives the same bytes, however it was cut, whichever way it came.
@Suite(.serialized) struct LiveEqualsOfflineTests {
    static let files = ["inbound.csv", "outbound.csv"]

    private func expectSame(_ live: TemporaryFolder, _ folder: String, _ offline: TemporaryFolder, _ name: String)
        throws
    {
        for file in Self.files {
            let reference = try offline.bytes("\(name)/\(file)")
            #expect(reference.count > 10_000)
            #expect(try live.bytes("\(folder)/\(file)") == reference, "\(file)")
        }
    }

    @Test(arguments: [20, 10, 7, 33, 200])
    func `a call over TLS gives the rows of its recording, whatever the packets`(packetMs: Int) async throws {
        let offline = try await Offline.analyze(Project.sample("overtalk.wav"))
        let live = try await LiveServer.run(tls: true) { server in
            try await server.play { $0.packetMs = packetMs }
        }
        #expect(live.value.failures == [])
        #expect(live.report.isWhole)
        try expectSame(live.output, try live.output.onlyStream, offline, "overtalk")
    }

    @Test(arguments: ["twilio", "signalwire", "minivoice"])
    func `every platform gives the rows of the recording`(platform: String) async throws {
        let offline = try await Offline.analyze(Project.sample("overtalk.wav"))
        let live = try await LiveServer.run {
            $0.source?.dialect = platform == "minivoice" ? platform : "auto"
        } _: { server in
            try await server.play { $0.platform = platform }
        }
        #expect(live.value.failures == [])
        try expectSame(live.output, try live.output.onlyStream, offline, "overtalk")
    }

    @Test func `the tracks keep the samples of the recording, alone and together`() async throws {
        let live = try await LiveServer.run { try await $0.play() }
        let folder = try live.output.onlyStream
        for name in ["inbound", "outbound"] {
            let recorded = try Samples.read(Project.sample("overtalk-\(name).wav"))
            #expect(try Samples.read("\(live.output.path)/\(folder)/\(name).wav") == recorded)
        }
        #expect(
            try Samples.read("\(live.output.path)/\(folder)/call.wav") == Samples.read(Project.sample("overtalk.wav")))
    }

    @Test func `packets out of order and twice change nothing`() async throws {
        let offline = try await Offline.analyze(Project.sample("overtalk.wav"))
        var call = try WireCall()
        // Every 10th pair of a track's packets is swapped, every 7th message comes twice.
        for place in stride(from: call.media.lowerBound, to: call.media.upperBound - 3, by: 20) {
            call.messages.swapAt(place, place + 2)
        }
        for place in stride(from: call.media.upperBound - 1, through: call.media.lowerBound, by: -7) {
            call.messages.insert(call.messages[place], at: place)
        }
        let disturbed = call
        let live = try await LiveServer.run { try await disturbed.send(to: $0) }
        #expect(live.value.failure == nil)
        try expectSame(live.output, WireCall.folder, offline, "overtalk")
        let summary = try live.output.text("\(WireCall.folder)/summary.json")
        #expect(summary.contains("\"gaps\":0"))
        #expect(!summary.contains("\"duplicates\":0"))
        // One packet of each swapped pair; the swapped messages are all inbound.
        #expect(summary.contains("\"reordered\":105"))
    }

    @Test func `a lost packet is one gap, told and concealed, and the length is the span on the clock`() async throws {
        var call = try WireCall(seconds: 4)
        // The inbound packet of 2.00 s.
        call.messages.remove(at: call.media.lowerBound + 200)
        let disturbed = call
        let live = try await LiveServer.run { try await disturbed.send(to: $0) }
        let signals = try live.output.text("\(WireCall.folder)/signals.jsonl").split(separator: "\n")
        let gaps = signals.filter { $0.contains("\"sidetone.media.gap.v1\"") }
        #expect(gaps.count == 1)
        #expect(gaps.first?.contains("\"track\":\"inbound\",\"start\":2.0,\"end\":2.02") == true)
        #expect(try Samples.read("\(live.output.path)/\(WireCall.folder)/inbound.wav").count == 32_000)
    }

    @Test func `a capture gives the bytes of the live run, analysed and replayed`() async throws {
        var call = try WireCall(seconds: 8)
        call.messages.remove(at: call.media.lowerBound + 150)
        call.messages.swapAt(call.media.lowerBound + 40, call.media.lowerBound + 42)
        let disturbed = call
        let live = try await LiveServer.run { try await disturbed.send(to: $0) }
        let capture = "\(live.output.path)/\(WireCall.folder)/capture.jsonl"

        let analysed = try await Offline.analyze(capture)
        let replayed = try await LiveServer.run { server in
            try await ReplayRun(
                capture: capture, url: server.url, pace: "max", bearer: nil, ca: nil, insecure: false
            ).run()
        }
        #expect(replayed.value.failure == nil)
        for file in Self.files {
            let reference = try live.output.bytes("\(WireCall.folder)/\(file)")
            #expect(try analysed.bytes("\(WireCall.streamID)/\(file)") == reference, "analysed \(file)")
            #expect(try replayed.output.bytes("\(WireCall.folder)/\(file)") == reference, "replayed \(file)")
        }
    }
}
