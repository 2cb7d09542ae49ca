import AsyncHTTPClient
import Foundation
import Hummingbird
import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import SidetoneHTTP
import SidetoneModel
import SidetoneWebSocket
import Testing

@Suite(.timeLimit(.minutes(1))) struct HTTPListenerTests {
    /// Serves the port of the peer, which is another one for every connection.
    private func serving(
        tls: (@Sendable () -> NIOSSLContext)? = nil, idle: Int64 = 60,
        connections: ConnectionLimits = ConnectionLimits(),
        _ body: @escaping @Sendable (Int) async throws -> Void
    ) async throws {
        let router = Router(context: ConnectionContext.self)
        router.get("peer") { _, context in "\(context.channel.remoteAddress?.port ?? 0)" }
        let listener = HTTPListener(
            address: ListenAddress(host: "127.0.0.1", port: 0), tls: tls, router: router, idle: idle,
            connections: connections,
            // One loop: connections are admitted in the order in which they come.
            group: MultiThreadedEventLoopGroup.singleton.next(), logger: quiet)
        let (ports, port) = AsyncStream.makeStream(of: Int.self)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await listener.run { port.yield($0) } }
            defer { group.cancelAll() }
            for await port in ports {
                try await body(port)
                break
            }
        }
    }

    private let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    private func peer(_ client: HTTPClient, url: String) async throws -> String {
        let response = try await client.execute(HTTPClientRequest(url: url), timeout: .seconds(10))
        #expect(response.status == .ok)
        return String(buffer: try await response.body.collect(upTo: 100))
    }

    @Test func `it serves on the reported port until it is cancelled`() async throws {
        try await serving { port in
            let peer = try await peer(.shared, url: "http://127.0.0.1:\(port)/peer")
            #expect(Int(peer) != nil)
        }
    }

    @Test func `a certificate is replaced for new connections, and open ones continue`() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "sidetone-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let pairs = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "WebSocket/Certificates")
        @Sendable func put(_ name: String) throws {
            for (file, copy) in [(name, "cert.pem"), ("\(name).key", "key.pem")] {
                try Data(contentsOf: pairs.appending(path: "\(file).pem"))
                    .write(to: folder.appending(path: copy), options: .atomic)
            }
        }
        // Each trusts one certificate alone.
        func client(_ name: String) -> HTTPClient {
            var trust = TLSConfiguration.makeClientConfiguration()
            trust.trustRoots = .file(pairs.appending(path: "\(name).pem").path)
            var configuration = HTTPClient.Configuration(tlsConfiguration: trust)
            configuration.dnsOverride = ["other.example": "127.0.0.1"]
            return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        }
        try put("localhost")
        let certificate = try ReloadedCertificate(
            certificate: folder.appending(path: "cert.pem").path, key: folder.appending(path: "key.pem").path,
            logger: quiet)
        let (before, after) = (client("localhost"), client("other.example"))
        try await serving(tls: { certificate.context }) { port in
            let first = try await peer(before, url: "https://localhost:\(port)/peer")
            await #expect(throws: (any Error).self) { try await peer(after, url: "https://other.example:\(port)/peer") }
            try put("other.example")
            certificate.refresh()
            #expect(try await peer(after, url: "https://other.example:\(port)/peer") != first)
            // The same connection, so nobody was cut off.
            #expect(try await peer(before, url: "https://localhost:\(port)/peer") == first)
        }
        try await before.shutdown()
        try await after.shutdown()
    }

    @Test func `a silent connection is closed, before TLS as well`() async throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "WebSocket/Certificates")
        let certificate = try ReloadedCertificate(
            certificate: folder.appending(path: "localhost.pem").path,
            key: folder.appending(path: "localhost.key.pem").path, logger: quiet)
        try await serving(tls: { certificate.context }, idle: 1) { port in
            let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connect(host: "127.0.0.1", port: port).get()
            try await channel.closeFuture.get()
        }
    }

    @Test func `one address cannot use all connections; a further one is answered 503`() async throws {
        try await serving(connections: ConnectionLimits(total: 6, perAddress: 2)) { port in
            let held = try await withThrowingTaskGroup(of: (any Channel).self) { group in
                for _ in 0..<2 {
                    group.addTask {
                        try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                            .connect(host: "127.0.0.1", port: port).get()
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            let refused = try await answer(at: port, from: "127.0.0.1")
            #expect(refused.hasPrefix("HTTP/1.1 503 ") && refused.contains("Retry-After: 5\r\n"), "\(refused)")
            let other = try await answer(at: port, from: "127.0.0.2")
            #expect(other.hasPrefix("HTTP/1.1 200 "), "\(other)")
            for channel in held { try await channel.close() }
        }
    }

    @Test func `a connection over the cap is closed also while as many as allowed are being answered`() async throws {
        try await serving(connections: ConnectionLimits(total: 1, perAddress: 1)) { port in
            // One is admitted, 32 wait for their answer, and the others get none.
            var channels: [any Channel] = []
            for _ in 0..<40 {
                channels.append(
                    try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                        .connect(host: "127.0.0.1", port: port).get())
            }
            for channel in channels.suffix(7) { try await channel.closeFuture.get() }
            for channel in channels { channel.close(promise: nil) }
        }
    }

    /// The answer to a request from an address of loopback.
    private func answer(at port: Int, from address: String) async throws -> String {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(to: try SocketAddress(ipAddress: address, port: 0))
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            try await outbound.write(ByteBuffer(string: "GET /peer HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"))
            var text = ""
            for try await piece in inbound {
                text += String(buffer: piece)
                if text.contains("\r\n\r\n") { break }
            }
            return text
        }
    }
}
