import NIOCore
import NIOSSL
import NIOTLS
import SidetoneWebSocket
import Synchronization

/// One TLS handshake, to inspect the peer.
struct TLSProbe: Sendable {
    enum Manner: Sendable {
        /// Accepts any certificate, and TLS from 1.0: for inspection only.
        case looking
        /// The settings with which streams are opened.
        case trusting(TLS.Trust)
    }

    struct Seen: Sendable {
        /// Nil for an unknown version.
        var version: TLSVersion?
        /// What the peer presented, the leaf first, as DER; empty unless `looking`.
        var chain: [[UInt8]]
    }

    static func handshake(
        with address: SocketAddress, host: String, _ manner: Manner, on loop: any EventLoop, within deadline: TimeAmount
    ) async throws(ProbeFailure) -> Seen {
        let context = try context(manner)
        let chain = ShownChain()
        let done = loop.makePromise(of: TLSVersion?.self)
        let channel: any Channel
        do throws(ProbeFailure) {
            channel = try await ProbeSocket.connect(to: address, on: loop, within: deadline) { channel in
                let name = TLS.serverName(host)
                let client: NIOSSLClientHandler
                if case .looking = manner {
                    client = try NIOSSLClientHandler(
                        context: context, serverHostname: name,
                        customVerificationCallback: { certificates, promise in
                            chain.set(certificates.compactMap { try? $0.toDERBytes() })
                            promise.succeed(.certificateVerified)
                        })
                } else {
                    client = try NIOSSLClientHandler(context: context, serverHostname: name)
                }
                try channel.pipeline.syncOperations.addHandlers(client, HandshakeWatcher(done))
            }
        } catch {
            done.fail(error)
            throw error
        }
        defer { channel.close(promise: nil) }
        let version = try await ProbeSocket.value(of: done, within: deadline)
        return Seen(version: version, chain: chain.value)
    }

    private static func context(_ manner: Manner) throws(ProbeFailure) -> NIOSSLContext {
        var configuration: TLSConfiguration
        switch manner {
        case .trusting(let trust): configuration = TLS.clientConfiguration(trust)
        case .looking:
            configuration = .makeClientConfiguration()
            configuration.minimumTLSVersion = .tlsv1
            // The name is verified later, to report the certificate's names.
            configuration.certificateVerification = .noHostnameVerification
        }
        do { return try NIOSSLContext(configuration: configuration) } catch { throw ProbeFailure(error) }
    }
}

/// Passes the certificates of a handshake from the event loop to the probe.
private final class ShownChain: Sendable {
    private let shown = Mutex<[[UInt8]]>([])

    func set(_ chain: [[UInt8]]) { shown.withLock { $0 = chain } }
    var value: [[UInt8]] { shown.withLock { $0 } }
}

/// Completes a promise when the handshake succeeds or fails.
private final class HandshakeWatcher: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let done: EventLoopPromise<TLSVersion?>

    init(_ done: EventLoopPromise<TLSVersion?>) { self.done = done }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .handshakeCompleted? = event as? TLSUserEvent {
            done.succeed((try? context.pipeline.syncOperations.nioSSL_tlsVersion()) ?? nil)
        }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        done.fail(error)
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) { done.fail(ProbeFailure.closed) }
}
