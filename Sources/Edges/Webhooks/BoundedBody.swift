import HTTPTypes
import Hummingbird
import NIOCore

/// Reads the body of a request within limits of size and time.
struct BoundedBody: Sendable {
    private let limitKB: Int
    private let seconds: Int

    init(_ settings: WebhookSourceSettings) {
        limitKB = settings.maxBodyKB
        seconds = settings.bodyTimeoutS
    }

    func collect(_ request: Request) async throws(WebhookError) -> [UInt8] {
        if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > limitKB * 1_024 {
            throw .tooLarge(limitKB)
        }
        let outcome = await withTaskGroup(of: Result<[UInt8], WebhookError>.self) { tasks in
            tasks.addTask { await self.gather(request.body) }
            tasks.addTask {
                try? await Task.sleep(for: .seconds(self.seconds))
                return .failure(.tooSlow(self.seconds))
            }
            let first = await tasks.next() ?? .failure(.tooSlow(seconds))
            tasks.cancelAll()
            return first
        }
        return try outcome.get()
    }

    private func gather(_ body: RequestBody) async -> Result<[UInt8], WebhookError> {
        var bytes: [UInt8] = []
        do {
            for try await piece in body {
                guard bytes.count + piece.readableBytes <= limitKB * 1_024 else { return .failure(.tooLarge(limitKB)) }
                bytes.append(contentsOf: piece.readableBytesView)
            }
        } catch {
            return .failure(WebhookError(400, "invalid_request", "the body is incomplete"))
        }
        return .success(bytes)
    }
}
