import HummingbirdCore
import Logging
import NIOCore
import SidetoneWebSocket

/// A connection that becomes a WebSocket or stays with HTTP/1.1, depending on its first request.
struct UpgradingChannel: ServerChildChannel {
    let http: HTTP1Channel
    let route: WebSocketRoute

    struct Value: ServerChildChannelValue {
        let channel: any Channel
        /// Nil for a WebSocket, which is handled separately.
        let http: EventLoopFuture<HTTP1Channel.Value?>
    }

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        let promise = channel.eventLoop.makePromise(of: HTTP1Channel.Value?.self)
        channel.closeFuture.whenComplete { _ in promise.fail(ChannelError.eof) }
        return channel.eventLoop.makeCompletedFuture {
            let first = FirstRequest(path: route.path) { isWebSocket in
                guard isWebSocket else {
                    http.setup(channel: channel, logger: logger).map(Optional.some).cascade(to: promise)
                    return
                }
                try WebSocketUpgrade.configure(channel, limits: route.limits, decide: route.decide)
                promise.succeed(nil)
            }
            try channel.pipeline.syncOperations.addHandler(first)
            return Value(channel: channel, http: promise.futureResult)
        }
    }

    func handle(value: Value, logger: Logger) async {
        guard let connection = try? await value.http.get() else { return }
        await http.handle(value: connection, logger: logger)
    }
}
