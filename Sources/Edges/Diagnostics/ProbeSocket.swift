import NIOCore
import NIOPosix

/// Connections to look at a peer, each wait with a deadline.
enum ProbeSocket {
    /// Gives what a promise comes to, or `timedOut` at the deadline.
    static func value<Value: Sendable>(
        of promise: EventLoopPromise<Value>, within deadline: TimeAmount
    ) async throws(ProbeFailure) -> Value {
        let loop = promise.futureResult.eventLoop
        let timer = loop.scheduleTask(in: deadline) { promise.fail(ProbeFailure.timedOut) }
        defer { timer.cancel() }
        do { return try await promise.futureResult.get() } catch { throw ProbeFailure(error) }
    }

    /// Connects, and says what kept it from doing so.
    static func connect(
        to address: SocketAddress, on loop: any EventLoop, within deadline: TimeAmount,
        _ prepare: @escaping @Sendable (any Channel) throws -> Void = { _ in }
    ) async throws(ProbeFailure) -> any Channel {
        let bootstrap = ClientBootstrap(group: loop)
            .connectTimeout(deadline)
            .channelOption(.socketOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in channel.eventLoop.makeCompletedFuture { try prepare(channel) } }
        do { return try await bootstrap.connect(to: address).get() } catch { throw ProbeFailure(error) }
    }
}

extension StreamDiagnosis {
    /// Gives what the work comes to; nil at the deadline, and the work is cancelled then.
    func within<Value: Sendable>(
        _ deadline: TimeAmount, work: @escaping @Sendable () async -> Value
    ) async -> Value? {
        await withTaskGroup(of: Value?.self) { tasks in
            tasks.addTask { await work() }
            tasks.addTask {
                try? await Task.sleep(for: .nanoseconds(deadline.nanoseconds))
                return nil
            }
            defer { tasks.cancelAll() }
            return await tasks.next() ?? nil
        }
    }
}
