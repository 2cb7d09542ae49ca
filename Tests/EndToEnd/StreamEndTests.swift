import Foundation
import NIOCore
import SidetoneConfiguration
import SidetoneEmulator
import SidetoneModel
import SidetonePipeline
import SidetonePlayback
import SidetoneServer
import SidetoneService
import Testing
import sidetone

@testable import SidetoneWebSocket

/// Every end of a stream leaves complete files, and its reason is reported.
@Suite(.serialized, .timeLimit(.minutes(2))) struct StreamEndTests {
    enum Ending: String, CaseIterable, Sendable {
        case stop, closed, reset, timeout, shutdown, violation
    }

    @Test(arguments: Ending.allCases)
    func `output files are complete, and the reason is reported`(ending: Ending) async throws {
        let call = try WireCall(seconds: 2)
        let run = try await LiveServer.run {
            $0.source?.idleTimeoutS = ending == .timeout ? 1 : 300
            $0.source?.drainTimeoutS = 0
        } _: { server in
            try await EventLoops.with(threads: 1) { loops in
                let client = try WebSocketClient(group: loops, trust: .system)
                let connection = try await client.connect(to: try WebSocketURL(server.url)) { Deaf() }
                // Everything but `stop`.
                for message in call.messages.dropLast() { try await connection.send(message.message).get() }
                // Sent audio was processed once its latency to the row was recorded.
                try await Wait.until(
                    "\(call.messages.count - 3) messages are read",
                    seen: { "\(server.server.counts.latency.count)" }
                ) { server.server.counts.latency.count >= call.messages.count - 3 }
                switch ending {
                case .stop: connection.send(call.messages[call.messages.count - 1].message)
                case .closed: connection.close()
                case .reset: connection.abort()
                case .violation:
                    for _ in 0..<100 { connection.send(.text("{")) }
                // Stops reading, so that pings are not answered.
                case .timeout:
                    try await connection.channel.setOption(.autoRead, value: false).get()
                    try await server.waitUntilNoStreamIsOpen()
                    connection.abort()
                case .shutdown: server.server.cut()
                }
                try await connection.closed.get()
                // The server notices it later than the client; only a shutdown may find the stream open.
                if ending != .shutdown { try await server.waitUntilNoStreamIsOpen() }
            }
        }
        #expect(run.report.isWhole)
        let folder = WireCall.folder
        let summary = try run.output.text("\(folder)/summary.json")
        #expect(summary.contains("\"reason\":\"\(ending.rawValue)\""), "\(summary)")
        #expect(summary.contains("\"samples\":16000"))
        let signals = try run.output.text("\(folder)/signals.jsonl")
        #expect(signals.contains("\"sidetone.stream.ended.v1\""))
        #expect(signals.hasSuffix("}\n"))
        #expect(try Samples.read("\(run.output.path)/\(folder)/inbound.wav").count == 16_000)
        #expect(try Samples.read("\(run.output.path)/\(folder)/call.wav").count == 32_000)
        #expect(try run.output.text("\(folder)/inbound.csv").split(separator: "\n").count == 1 + 198)
    }

    /// Every faulty end of a stream, after a media gap longer than the stall limit.
    @Test(arguments: [Ending.closed, .reset, .timeout, .stop])
    func `a capture ends as its stream did, with the same last signals`(ending: Ending) async throws {
        let call = try WireCall(seconds: 1)
        let run = try await LiveServer.run(sinks: ["capture", "jsonl"]) {
            $0.source?.idleTimeoutS = ending == .timeout ? 3 : 300
        } _: { server in
            try await EventLoops.with(threads: 1) { loops in
                let client = try WebSocketClient(group: loops, trust: .system)
                let connection = try await client.connect(to: try WebSocketURL(server.url)) { Deaf() }
                for message in call.messages.dropLast() { try await connection.send(message.message).get() }
                let signals = { (try? server.output.text("\(WireCall.folder)/signals.jsonl")) ?? "" }
                try await Wait.until("media is stalled on both tracks, or the stream is over", seen: signals) {
                    let text = signals()
                    return text.components(separatedBy: "sidetone.media.stalled.started").count == 3
                        || text.contains("sidetone.stream.ended")
                }
                switch ending {
                case .closed: connection.close()
                case .reset: connection.abort()
                case .stop: connection.send(call.messages[call.messages.count - 1].message)
                // Silence alone is not a timeout: pings are not answered either.
                case .timeout:
                    try await connection.channel.setOption(.autoRead, value: false).get()
                    try await server.waitUntilNoStreamIsOpen()
                    connection.abort()
                default: break
                }
                try await connection.closed.get()
            }
        }
        let live = try signals(run.output, folder: WireCall.folder)
        #expect(live.last?.contains("\"reason\":\"\(ending.rawValue)\"") == true, "\(live)")
        #expect(live.contains { $0.contains("stalled.ended") })
        let offline = try await Offline.analyze("\(run.output.path)/\(WireCall.folder)/capture.jsonl")
        #expect(try signals(offline, folder: WireCall.streamID) == live)

        let replayed = try await LiveServer.run { server in
            try await ReplayCommand(
                capture: "\(run.output.path)/\(WireCall.folder)/capture.jsonl", url: server.url, pace: "max",
                bearer: nil, trust: .system
            ).run()
        }
        #expect(replayed.value.failure == nil)
        // A sender cannot leave pings unanswered on request: it resets the connection when the receiver timed it out.
        let reason = ending == .timeout ? Ending.reset : ending
        #expect(try replayed.output.text("\(WireCall.folder)/summary.json").contains("\"reason\":\"\(reason)\""))
    }

    /// The signals without their labels: the wall-clock time of the call, and the source.
    private func signals(_ output: TemporaryFolder, folder: String) throws -> [String] {
        try output.text("\(folder)/signals.jsonl").split(separator: "\n").map { line in
            var event = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
            for label in ["time", "source", "id"] { event[label] = nil }
            let data = try JSONSerialization.data(withJSONObject: event, options: [.sortedKeys])
            return String(decoding: data, as: UTF8.self)
        }
    }

    @Test func `media before its start is kept`() async throws {
        var call = try WireCall(seconds: 2)
        // `start` follows the first six packets.
        call.messages.insert(call.messages.remove(at: 1), at: 7)
        let early = call
        let run = try await LiveServer.run {
            $0.source?.dialect = "twilio"
        } _: {
            try await early.send(to: $0)
        }
        #expect(try Samples.read("\(run.output.path)/\(WireCall.folder)/inbound.wav").count == 16_000)
    }

    @Test func `a second start begins the next segment, and a second socket of the call overwrites nothing`()
        async throws
    {
        var call = try WireCall(seconds: 2)
        // After 14 packets of each track.
        call.messages.insert(call.messages[1], at: 30)
        let twice = call
        let run = try await LiveServer.run { server in
            let first = try await twice.send(to: server)
            let second = try await twice.send(to: server)
            return [first.failure, second.failure].compactMap { $0 }
        }
        #expect(run.value == [])
        // The second segment keeps the platform's clock: the time before it is silence.
        for (first, second) in [("", "-2"), ("-3", "-2-2")] {
            for (suffix, samples, reason) in [(first, 14 * 160, "restarted"), (second, 16_000, "stop")] {
                let folder = WireCall.folder + suffix
                #expect(try Samples.read("\(run.output.path)/\(folder)/inbound.wav").count == samples, "\(folder)")
                #expect(try run.output.text("\(folder)/summary.json").contains("\"reason\":\"\(reason)\""))
            }
        }
    }

    @Test(arguments: ["../../escape", "/etc/passwd", "a\u{0}b", String(repeating: "x", count: 300), "..", ".", "Ａ", ""])
    func `an odd id stays within the folder`(id: String) async throws {
        let call = try WireCall(callID: id, streamID: id, seconds: 1)
        let run = try await LiveServer.run { try await call.send(to: $0) }
        #expect(run.report.isWhole)
        let wav = run.output.files.filter { $0.hasSuffix("/inbound.wav") }
        #expect(wav.count == 1)
        let folders = try #require(wav.first).split(separator: "/").dropLast()
        for folder in folders { #expect(folder.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }) }
    }
}
