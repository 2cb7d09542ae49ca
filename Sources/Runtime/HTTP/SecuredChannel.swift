import HummingbirdCore
import Logging
import NIOCore
import NIOSSL

/// A connection over TLS, with the certificate that the server has when it is accepted.
struct SecuredChannel<Base: ServerChildChannel>: ServerChildChannel {
    let base: Base
    let context: @Sendable () -> NIOSSLContext

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Base.Value> {
        channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: context()))
        }.flatMap { base.setup(channel: channel, logger: logger) }
    }

    func handle(value: Base.Value, logger: Logger) async { await base.handle(value: value, logger: logger) }
}
