import NIOCore
package import NIOPosix

/// Event loops for the duration of one operation.
package enum EventLoops {
    /// - Parameter threads: the number of loops, at least 1.
    package static func with<Value: Sendable>(
        threads: Int, _ work: @Sendable (MultiThreadedEventLoopGroup) async throws -> Value
    ) async throws -> Value {
        let loops = MultiThreadedEventLoopGroup(numberOfThreads: threads)
        let result: Result<Value, any Error>
        do { result = .success(try await work(loops)) } catch { result = .failure(error) }
        try await loops.shutdownGracefully()
        return try result.get()
    }
}
