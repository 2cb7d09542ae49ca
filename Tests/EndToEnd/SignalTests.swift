import Foundation
import NIOCore
import NIOPosix
import SidetoneEmulator
import SidetoneFiles
import SidetoneModel
import SidetonePlayback
import SidetoneService
import SidetoneWebSocket
import Testing

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// Output files after the program was stopped or killed.
@Suite(.serialized) struct SignalTests {
    /// Sends the first messages of a call, then runs a closure during the call.
    func during(
        _ url: String, call: WireCall, messages: Int,
        work: @Sendable @escaping (WebSocketConnection, WebSocketClient) async throws -> Void
    ) async throws {
        try await EventLoops.with(threads: 1) { loops in
            let client = try WebSocketClient(group: loops, trust: .system)
            let connection = try await client.connect(to: try WebSocketURL(url)) { Deaf() }
            for message in call.messages.prefix(messages) { try? await connection.send(message.message).get() }
            try await work(connection, client)
            connection.abort()
        }
    }

    @Test func `after SIGTERM an active stream may finish, and the files are complete`() async throws {
        let output = try TemporaryFolder()
        // The deadline is not under test: it is far away, even on a slow machine.
        let serve = try await ServeProcess(output: output, drainTimeoutS: 3_600)
        let call = try WireCall(seconds: 2)
        try await during(serve.url, call: call, messages: 52) { connection, client in
            serve.send(SIGTERM)
            // No new streams are accepted: polls until the server has handled the signal.
            try await Self.untilRefusing(serve.url, client: client)
            for message in call.messages.dropFirst(52) { try await connection.send(message.message).get() }
            try await connection.closed.get()
        }
        #expect(await serve.waitForEnd() == 0)
        #expect(try output.text("\(WireCall.folder)/summary.json").contains("\"reason\":\"stop\""))
        #expect(try Samples.read("\(output.path)/\(WireCall.folder)/inbound.wav").count == 16_000)
    }

    private static func untilRefusing(_ url: String, client: WebSocketClient) async throws {
        try await Wait.until("the server accepts no new stream") {
            try await refusal(url, client: client) == 0 ? .seen("a stream was taken") : .done(())
        }
    }

    /// The response to another upgrade: 0 if it is still accepted, nil if nothing listens.
    private static func refusal(_ url: String, client: WebSocketClient) async throws -> Int? {
        let address = try WebSocketURL(url)
        do throws(WebSocketError) {
            try await client.connect(to: address) { Deaf() }.abort()
            return 0
        } catch {
            return error.status
        }
    }

    @Test func `a second SIGTERM ends active streams immediately, with complete files`() async throws {
        let output = try TemporaryFolder()
        let serve = try await ServeProcess(output: output, drainTimeoutS: 3_600)
        try await during(serve.url, call: try WireCall(seconds: 2), messages: 102) { connection, client in
            serve.send(SIGTERM)
            try await Self.untilRefusing(serve.url, client: client)
            serve.send(SIGTERM)
            try await connection.closed.get()
        }
        #expect(await serve.waitForEnd() == 0)
        #expect(try output.text("\(WireCall.folder)/summary.json").contains("\"reason\":\"shutdown\""))
        let samples = try Samples.read("\(output.path)/\(WireCall.folder)/inbound.wav").count
        // Data in transit may be lost; received data is complete.
        #expect(samples <= 8_000)
        #expect(try output.text("\(WireCall.folder)/summary.json").contains("\"samples\":\(samples),"))
    }

    @Test(.timeLimit(.minutes(10)))
    func `after a kill at any time, the files open, lack at most a second, and are repaired by the next start`()
        async throws
    {
        let seed = UInt64.random(in: 0 ... .max)
        print("killed at any moment: seed \(seed)")
        var generator = SplitMix64(seed: seed)
        let call = try WireCall(seconds: 6)
        let reference = try Samples.read(Project.sample("overtalk-inbound.wav"))
        for round in 1...50 {
            let output = try TemporaryFolder()
            let serve = try await ServeProcess(output: output)
            // From 1.2 s to nearly all of the call.
            let messages = Int.random(in: 122..<580, using: &generator)
            let sent = (messages - 2) / 2 * 160
            try await during(serve.url, call: call, messages: messages) { _, _ in
                try await Self.untilWritten(output, call: call, messages: messages)
                serve.send(SIGKILL)
            }
            #expect(await serve.waitForEnd() == SIGKILL)
            let folder = "\(output.path)/\(WireCall.folder)"

            let samples = try Samples.read("\(folder)/inbound.wav")
            #expect(samples.count >= sent - 8_000 && samples.count <= sent + 160, "round \(round) of seed \(seed)")
            #expect(samples[...] == reference[..<samples.count])
            #expect(try await Samples.countBySox("\(folder)/inbound.wav") == samples.count)
            let rows = try output.text("\(WireCall.folder)/inbound.csv").split(separator: "\n").count - 1
            #expect(rows >= sent / 80 - 102, "round \(round) of seed \(seed)")

            // A kill that falls into a write can tear its last line: the repair cuts that, and nothing else.
            let names = ["inbound.csv", "outbound.csv", "signals.jsonl", "capture.jsonl"]
            let before = try names.map { try output.bytes("\(WireCall.folder)/\($0)") }
            let repaired = Journal.repair(output.path)
            #expect(!repaired.isEmpty)
            #expect(try Samples.read("\(folder)/inbound.wav").count >= samples.count)
            for (name, torn) in zip(names, before) {
                let end = try #require(torn.lastIndex(of: UInt8(ascii: "\n")))
                #expect(try output.bytes("\(WireCall.folder)/\(name)") == torn[...end], "\(name)")
                #expect(torn.count - end - 1 < 4_096, "\(name)")
            }
            #expect(Journal.repair(output.path).isEmpty)
        }
    }

    /// Waits until all but the last second of what was sent is in every file: sent faster than real time, some of it is
    /// still on its way to the disk, and each sink writes on a thread of its own. Where more than a second were held
    /// back, this would fail with what is in the files.
    private static func untilWritten(_ output: TemporaryFolder, call: WireCall, messages: Int) async throws {
        let sent = (messages - 2) / 2 * 160
        let folder = "\(output.path)/\(WireCall.folder)"
        func lines(_ name: String) -> Int {
            (try? output.bytes("\(WireCall.folder)/\(name)"))?.count { $0 == UInt8(ascii: "\n") } ?? 0
        }
        // A header and a second of both tracks' packets of 20 ms.
        let (samples, rows, captured) = (sent - 8_000, sent / 80 - 102, messages + 1 - 100)
        try await Wait.until(
            "the files hold \(samples) samples, \(rows) rows of each track, \(captured) lines of the capture"
        ) {
            let files = ["inbound.wav", "outbound.wav"].map { (try? Samples.read("\(folder)/\($0)").count) ?? 0 }
            let tables = ["inbound.csv", "outbound.csv"].map { lines($0) - 1 }
            let capture = lines("capture.jsonl")
            // Signals come when they come: their file is there once the stream has begun.
            let signals = lines("signals.jsonl")
            let isDone =
                files.allSatisfy { $0 >= samples } && tables.allSatisfy { $0 >= rows } && capture >= captured
                && signals > 0
            return isDone
                ? .done(())
                : .seen("\(files) samples, \(tables) rows, \(capture) captured, \(signals) signals in \(output.files)")
        }
    }
}
