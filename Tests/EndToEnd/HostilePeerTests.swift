import Foundation
import NIOCore
import NIOPosix
import SidetoneConfiguration
import SidetoneEmulator
import SidetoneModel
import SidetonePipeline
import SidetonePlayback
import SidetoneServer
import SidetoneService
import SidetoneWebSocket
import Synchronization
import Testing

/// Hostile peers are limited, and other calls are not affected.
@Suite(.serialized, .timeLimit(.minutes(2))) struct HostilePeerTests {
    /// How the server closed a peer's connection.
    final class Ending: WebSocketReceiver, Sendable {
        private let heard: AsyncStream<WebSocketEnd>.Continuation
        let ends: AsyncStream<WebSocketEnd>

        init() { (ends, heard) = AsyncStream.makeStream() }

        func opened(_ connection: WebSocketConnection) {}
        func received(_ message: WireMessage, readAt: NIODeadline) {}
        func ended(_ end: WebSocketEnd) {
            heard.yield(end)
            heard.finish()
        }
    }

    /// The results of a call that must not depend on others.
    private static let files = [
        "inbound.wav", "outbound.wav", "call.wav", "inbound.csv", "outbound.csv",
    ]

    private func files(of run: TemporaryFolder) throws -> [[UInt8]] {
        try Self.files.map { [UInt8](try run.bytes("\(WireCall.folder)/\($0)")) }
    }

    @Test func `a sender without pauses is read at real time, and all that it sent is there`() async throws {
        // 6 s of media, of which 4 may lead: the rest is read when its time comes. How long that is, `MediaGovernorTests`
        // say.
        let call = try WireCall(seconds: 6)
        let run = try await LiveServer.run {
            $0.source?.maxLeadS = 4
        } _: { server in
            let report = try await call.send(to: server)
            #expect(report.failure == nil)
            try await server.waitUntilNoStreamIsOpen()
        }
        #expect(run.report.server.heldBack > 0)
        #expect(run.report.server.droppedBytes == 0)
        #expect(try Samples.read("\(run.output.path)/\(WireCall.folder)/inbound.wav").count == 48_000)
        #expect(try run.output.text("\(WireCall.folder)/summary.json").contains("\"reason\":\"stop\""))
    }

    enum Flood: String, CaseIterable, Sendable {
        case unknown, unreadable, mixed, dtmf, marks

        func message(_ number: Int) -> String {
            let stream = WireCall.streamID
            switch self {
            case .unknown: return #"{"event":"surprise","sequenceNumber":"\#(number)","streamSid":"\#(stream)"}"#
            case .unreadable: return "{"
            // Valid messages between the invalid ones, so that consecutive failures do not end the stream.
            case .mixed: return number.isMultiple(of: 2) ? "{" : Flood.marks.message(number)
            case .dtmf:
                return
                    #"{"event":"dtmf","streamSid":"\#(stream)","sequenceNumber":"\#(number)","dtmf":{"track":"inbound_track","digit":"1"}}"#
            case .marks:
                return
                    #"{"event":"mark","streamSid":"\#(stream)","sequenceNumber":"\#(number)","mark":{"name":"m\#(number)"}}"#
            }
        }
    }

    @Test(arguments: Flood.allCases)
    func `a flood of messages without media ends its stream with 1008 and leaves complete files`(flood: Flood)
        async throws
    {
        let call = try WireCall(seconds: 1)
        let run = try await LiveServer.run { server -> WebSocketEnd? in
            try await EventLoops.with(threads: 1) { loops -> WebSocketEnd? in
                let client = try WebSocketClient(group: loops, trust: .system)
                let ending = Ending()
                let connection = try await client.connect(to: try WebSocketURL(server.url)) { ending }
                for message in call.messages.dropLast() { try await connection.send(message.message).get() }
                for number in 0..<2_000 { connection.queue(.text(flood.message(number))) }
                connection.flush()
                for await end in ending.ends { return end }
                return nil
            }
        }
        guard case .closed(let code, let reason) = run.value else {
            Issue.record("the connection ended otherwise: \(String(describing: run.value))")
            return
        }
        #expect(code == 1_008 && !reason.isEmpty)
        let folder = WireCall.folder
        #expect(try run.output.text("\(folder)/summary.json").contains("\"reason\":\"violation\""))
        #expect(try Samples.read("\(run.output.path)/\(folder)/inbound.wav").count == 8_000)
        #expect(run.report.isWhole)
    }

    /// Opens connections from a loopback address and writes to each, for the duration of a closure.
    private static func besieging<Value: Sendable>(
        _ port: Int, from address: String, connections: Int, opening: String,
        body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        var channels: [any Channel] = []
        for _ in 0..<connections {
            let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .bind(to: try SocketAddress(ipAddress: address, port: 0)).connect(host: "127.0.0.1", port: port).get()
            channel.writeAndFlush(ByteBuffer(string: opening), promise: nil)
            channels.append(channel)
        }
        let result: Result<Value, any Error>
        do { result = .success(try await body()) } catch { result = .failure(error) }
        for channel in channels { channel.close(promise: nil) }
        return try result.get()
    }

    @Test(arguments: ["", "GET /media HTTP/1.1\r\nHost: a\r\nX: "])
    func `a hundred connections that never finish their head do not change a call`(opening: String)
        async throws
    {
        let call = try WireCall(seconds: 3)
        let alone = try await LiveServer.run { try await call.send(to: $0).failure }
        let beside = try await LiveServer.run {
            $0.source?.maxConnectionsBeforeUpgrade = 40
        } _: { server in
            try await Self.besieging(server.server.port, from: "127.0.0.2", connections: 100, opening: opening) {
                try await call.send(to: server).failure
            }
        }
        #expect(alone.value == nil && beside.value == nil)
        #expect(try files(of: beside.output) == files(of: alone.output))
        // Ten per address may wait; the others were refused and counted.
        #expect(beside.report.server.refusedConnections == 90)
        #expect(beside.report.server.streamsStarted == 1)
    }

    @Test func `streams that step 300 s and send without pauses do not change a call`() async throws {
        let call = try WireCall(seconds: 3)
        let alone = try await LiveServer.run {
            $0.source?.maxLeadS = 10
        } _: {
            try await call.send(to: $0).failure
        }
        let beside = try await LiveServer.run {
            $0.source?.maxLeadS = 10
        } _: { server in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<4 {
                    group.addTask {
                        var hostile = try WireCall(
                            callID: "CA0000000000000000000000000000000\(number)", streamID: "MZ\(number)", seconds: 1)
                        hostile.stepTimestamps(by: 300_000)
                        _ = try await hostile.send(to: server)
                    }
                }
                let failure = try await call.send(to: server).failure
                group.cancelAll()
                return failure
            }
        }
        #expect(alone.value == nil && beside.value == nil)
        #expect(try files(of: beside.output) == files(of: alone.output))
    }
}

extension WireCall {
    /// Moves the timestamp of each media message further ahead of the one before it.
    mutating func stepTimestamps(by ms: Int) {
        for (number, index) in media.enumerated() {
            let text = String(decoding: messages[index].message.bytes, as: UTF8.self)
            guard let key = text.firstRange(of: "\"timestamp\":\"") else { continue }
            let digits = text[key.upperBound...].prefix { $0.isNumber }
            let moved = (Int(digits) ?? 0) + number / 20 * ms
            let stepped = text[..<key.upperBound] + "\(moved)" + text[digits.endIndex...]
            messages[index].message = .text(String(stepped))
        }
    }
}
