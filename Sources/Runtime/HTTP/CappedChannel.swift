import HummingbirdCore
import Logging
import NIOCore
import NIOSSL
import SidetoneWebSocket

/// A connection that counts towards the caps of its listener and its address; one over a cap is answered 503.
struct CappedChannel<Base: ServerChildChannel>: ServerChildChannel {
    let base: Base
    let caps: ConnectionCaps
    /// For the response to a connection over a cap; nil for plain HTTP.
    let tls: (@Sendable () -> NIOSSLContext)?

    struct Value: ServerChildChannelValue {
        let channel: any Channel
        /// nil for a connection over a cap.
        let base: Base.Value?
    }

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        admit(channel, logger: logger).flatMapError { error in
            // NIOAsyncChannel drops a channel whose set-up fails, and leaves its descriptor open.
            channel.close(promise: nil)
            return channel.eventLoop.makeFailedFuture(error)
        }
    }

    private func admit(_ channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        switch caps.admit(channel.remoteAddress) {
        case .admitted(let place):
            channel.closeFuture.whenComplete { _ in place.release() }
            return base.setup(channel: channel, logger: logger).map { Value(channel: channel, base: $0) }
        case .answered(let place):
            channel.closeFuture.whenComplete { _ in place.release() }
            return channel.eventLoop.makeCompletedFuture {
                try ConnectionRefusal.configure(channel, tls: tls?())
                return Value(channel: channel, base: nil)
            }
        case .closed: return channel.eventLoop.makeFailedFuture(ChannelError.ioOnClosedChannel)
        }
    }

    func handle(value: Value, logger: Logger) async {
        guard let connection = value.base else { return }
        await base.handle(value: connection, logger: logger)
    }
}
