import AsyncHTTPClient
import Foundation
import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import SidetoneModel
import SidetonePipeline
import SidetoneWebSocket
import Synchronization

@testable import SidetoneMonitor

/// A monitor on a free loopback port for the duration of a closure.
struct MonitorServer: Sendable {
    let sink: MonitorSink
    let address: String
    let port: Int

    /// - Parameters:
    ///   - others: other sinks of the pipeline, such as one that writes files.
    ///   - status: the status of the pipeline.
    static func run<Value: Sendable>(
        tokens: [String] = [], others: [any PipelineSink] = [],
        adjust: (inout MonitorSettings) -> Void = { _ in },
        status: @escaping @Sendable () -> PipelineStatus = {
            PipelineStatus(receiver: ReceiverCounts(limit: 10), sinks: [])
        },
        _ work: @Sendable @escaping (MonitorServer) async throws -> Value
    ) async throws -> Value {
        var settings = MonitorSettings()
        settings.listen = "127.0.0.1:0"
        adjust(&settings)
        let sink = MonitorSink(
            settings, tokens: tokens, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let (ready, continuation) = AsyncStream.makeStream(of: String.self)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                defer { continuation.finish() }
                try await sink.run(beside: others, status: status) { continuation.yield($0) }
            }
            for await text in ready {
                let address = String(text.dropFirst("monitor on ".count).dropLast())
                let port = Int(address.split(separator: ":").last ?? "") ?? 0
                let value = try await work(MonitorServer(sink: sink, address: address, port: port))
                group.cancelAll()
                // After cancellation it ends without an error.
                do { try await group.waitForAll() } catch is CancellationError {}
                return value
            }
            try await group.waitForAll()
            throw NotReady()
        }
    }

    struct NotReady: Error {}

    struct Reply: Sendable {
        let status: Int
        let headers: [String: String]
        let body: [UInt8]
        var text: String { String(decoding: body, as: UTF8.self) }
        func object() throws -> Answer { Answer(value: try SidetoneMonitorTests.object(body)) }
    }

    private static let client = HTTPClient(
        eventLoopGroupProvider: .singleton,
        configuration: .init(redirectConfiguration: .disallow))

    func get(
        _ path: String, method: String = "GET", headers: [(String, String)] = [], body: String? = nil
    ) async throws -> Reply {
        var request = HTTPClientRequest(url: "\(address)\(path)")
        request.method = .init(rawValue: method)
        for (name, value) in headers { request.headers.replaceOrAdd(name: name, value: value) }
        if let body { request.body = .bytes(ByteBuffer(string: body)) }
        let response = try await Self.client.execute(request, timeout: .seconds(20))
        let bytes = try await response.body.collect(upTo: 1 << 24)
        let fields = [String: String](
            response.headers.map { ($0.name.lowercased(), $0.value) }, uniquingKeysWith: { first, _ in first })
        return Reply(status: Int(response.status.code), headers: fields, body: Array(bytes.readableBytesView))
    }

    /// Reads lines of an event stream until a condition holds.
    func events(
        _ query: String = "", headers: [(String, String)] = [], until isEnough: @Sendable (String) -> Bool
    ) async throws -> String {
        var request = HTTPClientRequest(url: "\(address)/v1/events\(query)")
        for (name, value) in headers { request.headers.replaceOrAdd(name: name, value: value) }
        let response = try await Self.client.execute(request, timeout: .seconds(20))
        var text = ""
        for try await part in response.body {
            text += String(buffer: part)
            if isEnough(text) { break }
        }
        return text
    }

    /// Opens the live socket.
    func live(headers: [(String, String)] = []) async throws -> LiveClient {
        let client = try WebSocketClient(group: MultiThreadedEventLoopGroup.singleton, trust: .system)
        let url = try WebSocketURL("ws://127.0.0.1:\(port)/v1/live")
        let (messages, continuation) = AsyncStream.makeStream(
            of: Answer.self, bufferingPolicy: .bufferingNewest(10_000))
        let connection = try await client.connect(to: url, headers: headers) { LiveListener(continuation) }
        return LiveClient(connection: connection, messages: messages)
    }
}

/// One client of the live socket.
struct LiveClient: Sendable {
    let connection: WebSocketConnection
    let messages: AsyncStream<Answer>

    func ask(_ text: String) { connection.send(.text(text)) }

    /// Reads up to the expected message; returns all messages, that one last.
    func read(until isEnough: @Sendable (Answer) -> Bool) async -> [Answer] {
        var seen: [Answer] = []
        for await message in messages {
            seen.append(message)
            if isEnough(message) { break }
        }
        return seen
    }

    func read(until type: String) async -> [Answer] { await read { $0["type"] as? String == type } }
}

private final class LiveListener: WebSocketReceiver {
    private let continuation: AsyncStream<Answer>.Continuation
    init(_ continuation: AsyncStream<Answer>.Continuation) { self.continuation = continuation }
    func opened(_ connection: WebSocketConnection) {}
    func received(_ message: WireMessage, readAt: NIODeadline) {
        if let value = try? object(message.bytes) { continuation.yield(Answer(value: value)) }
    }
    func ended(_ end: WebSocketEnd) { continuation.finish() }
}

/// A sink whose files of one stream are in a given folder.
struct FolderArchive: Sink, StreamArchive {
    static let name = "archive"
    let kinds: PipelineItem.Kinds = []
    let folder: String
    let contentTypes = ["call.wav": "audio/wav"]

    func write(_ items: [PipelineItem]) async throws {}
    func close() async throws {}
    func files(of stream: StreamInfo) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    }
    func files(in folder: [String]) -> [String] { [] }
    func open(_ name: String, in folder: [String]) -> Int32? { nil }
    func open(_ name: String, of stream: StreamInfo) -> Int32? {
        guard let handle = FileHandle(forReadingAtPath: "\(folder)/\(name)") else { return nil }
        let copy = dup(handle.fileDescriptor)
        return copy >= 0 ? copy : nil
    }
}
