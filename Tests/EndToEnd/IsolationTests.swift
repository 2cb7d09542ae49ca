import Foundation
import NIOCore
import NIOPosix
import SidetoneAnalysis
import SidetoneConfiguration
import SidetoneEmulator
import SidetoneModel
import SidetonePipeline
import SidetonePlayback
import SidetoneServer
import SidetoneService
import SidetoneWebSocket
import Testing

/// No call changes a row or a file of another.
@Suite(.serialized, .timeLimit(.minutes(3))) struct IsolationTests {
    /// SIDETONE_GOOD_CALLS=100 for the full count; fewer by default, as everything runs in one process on two cores.
    private static var goodCalls: Int { number("SIDETONE_GOOD_CALLS") ?? 12 }
    private static let seconds = 3.0

    private static func number(_ name: String) -> Int? { ProcessInfo.processInfo.environment[name].flatMap { Int($0) } }

    enum Hostile: String, CaseIterable, Sendable { case steps, flood }

    @Test(arguments: Hostile.allCases)
    func `a hostile call does not affect good ones`(kind: Hostile) async throws {
        let hostile = try kind.call
        let reference = try await LiveServer.run { try await Self.good(0).send(to: $0) }
        let run = try await LiveServer.run {
            // A stepping clock produces more media than a loop can analyse: its lead over real time is limited, as it is by
            // default. A flood has the media of one call at a time and is read without that limit.
            if kind == .steps { $0.source?.maxLeadS = WebSocketSourceSettings().maxLeadS }
        } _: { server in
            try await withThrowingTaskGroup(of: (number: Int, result: PlaybackResult)?.self) { group in
                let ended = group.addTaskUnlessCancelled {
                    // It continues until the good calls have ended, or the server ends it.
                    while !Task.isCancelled {
                        _ = try await hostile.send(to: server.url, pace: kind == .flood ? .max : .times(1))
                    }
                    return nil
                }
                #expect(ended)
                for number in 1...Self.goodCalls {
                    group.addTask { (number, try await Self.good(number).send(to: server.url, pace: .times(1))) }
                }
                var results: [Int: PlaybackResult] = [:]
                while results.count < Self.goodCalls, let next = try await group.next() {
                    if let next { results[next.number] = next.result }
                }
                group.cancelAll()
                return results
            }
        }
        #expect(run.value.count == Self.goodCalls && run.value.values.allSatisfy { $0.failure == nil }, "\(run.value)")
        let right = "\(Self.callID(0))/\(Self.streamID(0))"
        for number in 1...Self.goodCalls {
            let folder = "\(Self.callID(number))/\(Self.streamID(number))"
            for file in ["inbound.csv", "outbound.csv", "inbound.wav", "outbound.wav", "call.wav"] {
                #expect(
                    try run.output.bytes("\(folder)/\(file)") == reference.output.bytes("\(right)/\(file)"),
                    "\(file) of call \(number)")
            }
            let summary = try run.output.text("\(folder)/summary.json")
            #expect(!summary.contains("\"lost\"") && !summary.contains("missing_files"), "\(summary)")
            // The one signal that depends on when packets came: a sender that was itself late by its limit has stalled.
            let wasLate = run.value[number].map { $0.lateness.microseconds(at: 1) >= Self.stallMicroseconds } ?? true
            #expect(
                try Self.data(run.output.text("\(folder)/signals.jsonl"), withoutStalls: wasLate)
                    == Self.data(reference.output.text("\(right)/signals.jsonl"), withoutStalls: wasLate))
        }
    }

    private static func callID(_ number: Int) -> String { "CA" + String(format: "%032d", number) }
    private static func streamID(_ number: Int) -> String { "MZ" + String(format: "%032d", number) }

    private static func good(_ number: Int) throws -> WireCall {
        try WireCall(callID: callID(number), streamID: streamID(number), seconds: seconds)
    }

    /// Packets of 20 ms; 3 % for the histogram's resolution.
    private static var stallMicroseconds: Double { Double(MediaOptions().stalledMs - 20) * 1_000 * 0.97 }

    /// What signals report, without the ids of their call and the time of day.
    private static func data(_ lines: String, withoutStalls: Bool) throws -> [String] {
        let lines = lines.split(separator: "\n").filter { !withoutStalls || !$0.contains("sidetone.media.stalled") }
        return try lines.map { line in
            let event = try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
            var data = try #require(event["data"] as? [String: Any])
            data["stream"] = nil
            let text = try JSONSerialization.data(withJSONObject: data, options: .sortedKeys)
            return "\(event["type"] ?? "") \(String(decoding: text, as: UTF8.self))"
        }
    }

    // MARK: Many short calls

    /// SIDETONE_SHORT_CALLS=10000 for the full count.
    private static var shortCalls: Int { number("SIDETONE_SHORT_CALLS") ?? 300 }

    @Test(.timeLimit(.minutes(20)))
    func `thousands of short calls leak no memory, descriptors or threads`() async throws {
        let output = try TemporaryFolder()
        let serve = try await ServeProcess(
            output: output, moreSinks: "  - store: { directory: \"\(output.path)\" }")
        let count = Self.shortCalls
        // One-time allocations happen in the first quarter.
        try await Self.play(0..<count / 4, to: serve.url)
        let before = try await Self.settled(serve.id, files: output, streams: count / 4)
        try await Self.play(count / 4..<count, to: serve.url)
        let after = try await Self.settled(serve.id, files: output, streams: count)
        #expect(after.descriptors <= before.descriptors)
        #expect(after.threads <= before.threads + 2)
        // A leak of 2 kB per call would exceed this at the full count.
        #expect(after.memoryKB - before.memoryKB < 16_384, "\(before) \(after)")
        serve.send(SIGTERM)
        #expect(await serve.waitForEnd() == 0)
    }

    private static func play(_ numbers: Range<Int>, to url: String) async throws {
        let side = 20
        try await EventLoops.with(threads: 1) { loops in
            let client = try WebSocketClient(group: loops, trust: .system)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for lane in 0..<side {
                    group.addTask {
                        for number in numbers where number % side == lane {
                            let call = try WireCall(
                                callID: callID(number), streamID: streamID(number), seconds: 0.04)
                            let connection = try await client.connect(to: try WebSocketURL(url)) { Deaf() }
                            for message in call.messages { try await connection.send(message.message).get() }
                            try await connection.closed.get()
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    private struct Usage {
        var descriptors: Int
        var threads: Int
        var memoryKB: Int
    }

    /// The resources of the process once it has written the last summary and closed its files.
    private static func settled(_ id: Int32, files: TemporaryFolder, streams: Int) async throws -> Usage {
        func open() throws -> [String] {
            try FileManager.default.contentsOfDirectory(atPath: "/proc/\(id)/fd").compactMap {
                try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(id)/fd/\($0)")
            }
        }
        try await Wait.until("\(streams) streams are written, and their files are closed", within: .seconds(600)) {
            let written = files.files.count { $0.hasSuffix("/summary.json") }
            let still = try open().count { $0.contains("/MZ") }
            return written >= streams && still == 0 ? .done(()) : .seen("\(written) written, \(still) files open")
        }
        let status = try String(contentsOfFile: "/proc/\(id)/status", encoding: .utf8)
        func number(_ name: String) -> Int {
            let line = status.split(separator: "\n").first { $0.hasPrefix(name) } ?? ""
            return Int(line.filter(\.isNumber)) ?? 0
        }
        return Usage(
            descriptors: try open().count, threads: number("Threads:"), memoryKB: number("VmRSS:"))
    }
}

extension IsolationTests.Hostile {
    /// 60 s of a hostile call.
    fileprivate var call: WireCall {
        get throws {
            var call = try WireCall(callID: "CAhostile", streamID: "MZhostile")
            guard self == .steps else { return call }
            // Twice a second the platform's clock steps ahead by 299 s.
            for index in call.media {
                let message = call.messages[index]
                let text = String(decoding: message.message.bytes, as: UTF8.self)
                let parts = text.split(separator: "\"timestamp\":\"", maxSplits: 1)
                guard parts.count == 2, let timestamp = Int(parts[1].prefix { $0.isNumber }) else { continue }
                let stepped = timestamp + timestamp / 500 * 299_000
                let rest = parts[1].drop { $0.isNumber }
                call.messages[index] = TimedMessage(
                    due: message.due, message: .text("\(parts[0])\"timestamp\":\"\(stepped)\(rest)"))
            }
            return call
        }
    }
}
