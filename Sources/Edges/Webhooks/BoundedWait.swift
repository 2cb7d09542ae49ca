/// Waits with a timeout for work that cannot be cancelled, such as a hanging disk write.
enum BoundedWait {
    /// - Returns: the result; nil on timeout or cancellation. The work continues then.
    static func result<Value: Sendable>(
        within duration: Duration, of work: @escaping @Sendable () async -> Value
    ) async -> Value? {
        let (results, result) = AsyncStream.makeStream(of: Value.self, bufferingPolicy: .bufferingOldest(1))
        Task {
            result.yield(await work())
            result.finish()
        }
        let deadline = Task {
            try await Task.sleep(for: duration)
            result.finish()
        }
        defer { deadline.cancel() }
        for await value in results { return value }
        return nil
    }
}
