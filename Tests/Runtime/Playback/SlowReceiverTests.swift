import NIOCore
import NIOHTTP1
import NIOPosix
import NIOWebSocket
import SidetoneModel
import SidetonePlayback
import SidetoneWebSocket
import Testing

@testable import SidetonePlayback

@Suite(.timeLimit(.minutes(1))) struct SlowReceiverTests {
    /// Takes an upgrade at a free port of loopback, and reads nothing after it.
    private func deafServer(_ group: any EventLoopGroup) async throws -> any Channel {
        try await ServerBootstrap(group: group)
            .childChannelInitializer { channel in
                let upgrader = NIOWebSocketServerUpgrader(
                    shouldUpgrade: { channel, _ in channel.eventLoop.makeSucceededFuture(HTTPHeaders()) },
                    upgradePipelineHandler: { channel, _ in channel.setOption(.autoRead, value: false) })
                return channel.pipeline.configureHTTPServerPipeline(
                    withServerUpgrade: (upgraders: [upgrader], completionHandler: { _ in }))
            }
            .bind(host: "127.0.0.1", port: 0).get()
    }

    @Test func `a receiver that reads nothing fails its stream once the feed is full`() async throws {
        let group = MultiThreadedEventLoopGroup.singleton
        let server = try await deafServer(group)
        let port = try #require(server.localAddress?.port)
        let player = MessagePlayer(
            client: try WebSocketClient(group: group, trust: .system),
            url: try WebSocketURL("ws://127.0.0.1:\(port)/"), headers: [], pace: .times(1))
        let feed = MessageFeed()
        // 64 MB: more than any socket's buffers hold.
        let message = TimedMessage(
            due: 0, message: WireMessage(kind: .binary, bytes: [UInt8](repeating: 7, count: 65_536)))
        feed.add([TimedMessage](repeating: message, count: MessageFeed.limit))
        let report = await player.play(
            opened: {
                // The receiver has opened and taken what it could; the rest of the call comes.
                while feed.add([message]) { await Task.yield() }
            }
        ) { feed }
        #expect(report.failure?.hasPrefix("the receiver is too slow") == true, "\(report.failure ?? "none")")
        #expect((1..<MessageFeed.limit).contains(report.messages))
        try await server.close()
    }
}
