import Logging
import NIOCore
import NIOPosix
import SidetoneWebSocket
import Testing

@testable import SidetoneMonitor

@Suite(.timeLimit(.minutes(1))) struct WatchdogTests {
    private static let group = MultiThreadedEventLoopGroup.singleton
    private let watchdog = Watchdog(
        patience: .milliseconds(200), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })

    private func url(_ channel: any Channel) throws -> WebSocketURL {
        try WebSocketURL("ws://127.0.0.1:\(channel.localAddress?.port ?? 0)/media")
    }

    /// A receiver that answers every connection with the same bytes; nil closes it at once.
    private func receiver(answering text: String?, accepts: Bool = true) async throws -> any Channel {
        try await ServerBootstrap(group: Self.group).serverChannelOption(.autoRead, value: accepts)
            .childChannelInitializer { channel in
                guard let text else { return channel.close() }
                return channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Answering(text))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
    }

    @Test(arguments: ["HTTP/1.1 426 Upgrade Required\r\n\r\n", "HTTP/1.1 404 Not Found\r\n\r\n", nil])
    func `a receiver that refuses or closes is healthy`(text: String?) async throws {
        let receiver = try await receiver(answering: text)
        await watchdog.ping(try url(receiver), group: Self.group)
        #expect(watchdog.answers && watchdog.failures == 0)
        try await receiver.close()
    }

    @Test func `a receiver that accepts no connections is unhealthy until it accepts again`() async throws {
        let deaf = try await receiver(answering: "", accepts: false)
        await watchdog.ping(try url(deaf), group: Self.group)
        #expect(!watchdog.answers && watchdog.failures == 1)
        let well = try await receiver(answering: "HTTP/1.1 426 Upgrade Required\r\n\r\n")
        await watchdog.ping(try url(well), group: Self.group)
        #expect(watchdog.answers && watchdog.failures == 1)
        let gone = try url(well)
        try await deaf.close()
        try await well.close()
        await watchdog.ping(gone, group: Self.group)
        #expect(!watchdog.answers && watchdog.failures == 2)
    }

    @Test func `another kind of response is not from a receiver`() async throws {
        let other = try await receiver(answering: "220 mail.example ESMTP\r\n")
        await watchdog.ping(try url(other), group: Self.group)
        #expect(!watchdog.answers)
        try await other.close()
    }

    @Test func `healthz reports the last check of the watchdog`() async throws {
        let receiver = try await receiver(answering: "HTTP/1.1 426 Upgrade Required\r\n\r\n")
        let address = try url(receiver)
        try await MonitorServer.run { server in
            await server.sink.watchdog.ping(address, group: Self.group)
            #expect(try await server.get("/healthz").status == 200)
            try await receiver.close()
            await server.sink.watchdog.ping(address, group: Self.group)
            let sick = try await server.get("/healthz")
            #expect(sick.status == 503)
            #expect(((try sick.object())["error"] as? [String: Any])?["code"] as? String == "receiver_silent")
            let metrics = try await server.get("/metrics").text
            #expect(metrics.contains("\nsidetone_receiver_answers 0\n"))
            #expect(metrics.contains("\nsidetone_watchdog_failures_total 1\n"))
        }
    }
}

/// Answers every request with the same bytes.
private final class Answering: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer
    private let text: String

    init(_ text: String) { self.text = text }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
    }
}
