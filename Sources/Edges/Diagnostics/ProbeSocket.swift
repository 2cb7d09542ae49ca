import NIOCore
import NIOPosix

/// Connections for probing a peer; every wait has a deadline.
enum ProbeSocket {
    /// Returns the value of a promise, or throws `timedOut` at the deadline.
    static func value<Value: Sendable>(
        of promise: EventLoopPromise<Value>, within deadline: TimeAmount
    ) async throws(ProbeFailure) -> Value {
        let loop = promise.futureResult.eventLoop
        let timer = loop.scheduleTask(in: deadline) { promise.fail(ProbeFailure.timedOut) }
        defer { timer.cancel() }
        do { return try await promise.futureResult.get() } catch { throw ProbeFailure(error) }
    }

    /// Connects, or throws the reason of the failure.
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
    /// Returns the result of the operation; nil at the deadline, when it is cancelled.
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
