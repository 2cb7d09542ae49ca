import Foundation
import SidetoneConfiguration
import SidetoneEmulator
import SidetoneModel
import SidetonePlayback
import SidetoneServer
import SidetoneService
import SidetoneWebSocket
import Testing
import sidetone

/// The same audio gives the same bytes, for any packet sizes and any source.
@Suite(.serialized) struct LiveEqualsOfflineTests {
    static let files = ["inbound.csv", "outbound.csv"]

    private func expectSame(_ live: TemporaryFolder, folder: String, offline: TemporaryFolder, name: String)
        throws
    {
        for file in Self.files {
            let reference = try offline.bytes("\(name)/\(file)")
            #expect(reference.count > 10_000)
            #expect(try live.bytes("\(folder)/\(file)") == reference, "\(file)")
        }
        // A recording lacks the receiver's knowledge of messages and packets.
        let signals = try Self.signals(offline.text("\(name)/signals.jsonl"), withReceiver: false)
        #expect(signals.count > 10)
        #expect(try Self.signals(live.text("\(folder)/signals.jsonl"), withReceiver: false) == signals)
        let totals = try Self.summary(offline.text("\(name)/summary.json"))["totals"]
        #expect(totals != nil)
        #expect(try Self.summary(live.text("\(folder)/summary.json"))["totals"] == totals)
    }

    /// Type and data of each event, as text with sorted keys; ids and the wall clock differ from run to run.
    private static func signals(_ lines: String, withReceiver: Bool) throws -> [String] {
        try lines.split(separator: "\n").compactMap { line in
            let event = try summary(String(line))
            let type = event["type"] ?? ""
            let isReceivers = type.contains(".stream.") || type.contains(".media.") || type.contains(".packet_loss.")
            return isReceivers && !withReceiver ? nil : "\(type) \(event["data"] ?? "")"
        }
    }

    /// The members of an object except wall-clock times, each as text with sorted keys.
    private static func summary(_ text: String) throws -> [String: String] {
        let object = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any] ?? [:]
        var members: [String: String] = [:]
        for (name, value) in object where name != "started_at" {
            let data = try JSONSerialization.data(withJSONObject: value, options: [.sortedKeys, .fragmentsAllowed])
            members[name] = String(decoding: data, as: UTF8.self)
        }
        return members
    }

    @Test(arguments: [20, 10, 7, 33, 200])
    func `a call over TLS gives the rows of its recording for any packet size`(packetMs: Int) async throws {
        let offline = try await Offline.analyze(Project.sample("overtalk.wav"))
        let live = try await LiveServer.run(tls: true) { server in
            try await server.play { $0.packetMs = packetMs }
        }
        #expect(live.value.failures == [])
        #expect(live.report.isWhole)
        try expectSame(live.output, folder: try live.output.onlyStream, offline: offline, name: "overtalk")
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
        try expectSame(live.output, folder: try live.output.onlyStream, offline: offline, name: "overtalk")
    }

    @Test func `the WAV files of the tracks and of the call hold the samples of the recording`() async throws {
        let live = try await LiveServer.run { try await $0.play() }
        let folder = try live.output.onlyStream
        for name in ["inbound", "outbound"] {
            let recorded = try Samples.read(Project.sample("overtalk-\(name).wav"))
            #expect(try Samples.read("\(live.output.path)/\(folder)/\(name).wav") == recorded)
        }
        #expect(
            try Samples.read("\(live.output.path)/\(folder)/call.wav") == Samples.read(Project.sample("overtalk.wav")))
    }

    @Test func `reordered and duplicated packets change nothing`() async throws {
        let offline = try await Offline.analyze(Project.sample("overtalk.wav"))
        var call = try WireCall()
        // Every 10th pair of a track's packets is swapped, every 7th message is sent twice.
        for place in stride(from: call.media.lowerBound, to: call.media.upperBound - 3, by: 20) {
            call.messages.swapAt(place, place + 2)
        }
        for place in stride(from: call.media.upperBound - 1, through: call.media.lowerBound, by: -7) {
            call.messages.insert(call.messages[place], at: place)
        }
        let disturbed = call
        let live = try await LiveServer.run { try await disturbed.send(to: $0) }
        #expect(live.value.failure == nil)
        try expectSame(live.output, folder: WireCall.folder, offline: offline, name: "overtalk")
        let summary = try live.output.text("\(WireCall.folder)/summary.json")
        #expect(summary.contains("\"gaps\":0"))
        #expect(!summary.contains("\"duplicates\":0"))
        // One packet of each swapped pair; the swapped messages are all inbound.
        #expect(summary.contains("\"reordered\":105"))
    }

    @Test func `a lost packet is one gap, reported and concealed, and the length is the span on the clock`()
        async throws
    {
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

    /// Disturbances of a call's messages in transit.
    enum Disturbance: String, CaseIterable {
        case lossAndDisorder, pauseOfOneTrack, pauseOfBoth, clockJump, wrongTimestamp, lateTrack

        func disturb(_ call: inout WireCall) {
            let media = call.media
            switch self {
            case .lossAndDisorder:
                call.messages.remove(at: media.lowerBound + 150)
                call.messages.swapAt(media.lowerBound + 40, media.lowerBound + 42)
            case .pauseOfOneTrack:
                // Outbound is not sent from 2 to 6 s.
                for place in (200..<600).reversed() where place % 2 == 1 {
                    call.messages.remove(at: media.lowerBound + place)
                }
            case .pauseOfBoth: shift(&call, from: media.lowerBound + 300, byMs: 120_000)
            case .clockJump: shift(&call, from: media.lowerBound + 300, byMs: 3_600_000)
            case .wrongTimestamp: shift(&call, from: media.lowerBound + 300, byMs: 5_000, only: 1)
            case .lateTrack:
                for place in (0..<300).reversed() where place % 2 == 1 {
                    call.messages.remove(at: media.lowerBound + place)
                }
            }
        }

        private func shift(_ call: inout WireCall, from first: Int, byMs shift: Int, only count: Int = .max) {
            let end = count == .max ? call.media.upperBound : first + count
            for place in first..<end {
                let text = String(decoding: call.messages[place].message.bytes, as: UTF8.self)
                guard let name = text.range(of: "\"timestamp\":\""),
                    let quote = text[name.upperBound...].firstIndex(of: "\""),
                    let ms = Int(text[name.upperBound..<quote])
                else { continue }
                call.messages[place].message = .text(
                    text.replacingCharacters(in: name.upperBound..<quote, with: "\(ms + shift)"))
            }
        }
    }

    @Test(arguments: Disturbance.allCases)
    func `a capture gives the bytes of the live run, analysed and replayed`(disturbance: Disturbance) async throws {
        var call = try WireCall(seconds: 8)
        disturbance.disturb(&call)
        let disturbed = call
        let live = try await LiveServer.run { try await disturbed.send(to: $0) }
        let capture = "\(live.output.path)/\(WireCall.folder)/capture.jsonl"

        let analysed = try await Offline.analyze(capture)
        let replayed = try await LiveServer.run { server in
            try await ReplayCommand(
                capture: capture, url: server.url, pace: "max", bearer: nil, trust: .system
            ).run()
        }
        #expect(replayed.value.failure == nil)
        for file in Self.files {
            let reference = try live.output.bytes("\(WireCall.folder)/\(file)")
            #expect(try analysed.bytes("\(WireCall.streamID)/\(file)") == reference, "analysed \(file)")
            #expect(try replayed.output.bytes("\(WireCall.folder)/\(file)") == reference, "replayed \(file)")
        }
        let signals = try Self.signals(live.output.text("\(WireCall.folder)/signals.jsonl"), withReceiver: true)
        let summary = try Self.summary(live.output.text("\(WireCall.folder)/summary.json"))
        for (how, output, folder) in [
            ("analysed", analysed, WireCall.streamID), ("replayed", replayed.output, WireCall.folder),
        ] {
            let same = try Self.signals(output.text("\(folder)/signals.jsonl"), withReceiver: true)
            // A replay sends in real time again, so that its stalls end when its own packets arrive.
            let isComparable = { (signal: String) in how == "analysed" || !signal.contains(".media.stalled.ended.") }
            #expect(same.filter(isComparable) == signals.filter(isComparable), "\(how)")
            #expect(try Self.summary(output.text("\(folder)/summary.json")) == summary, "\(how)")
        }
    }
}
