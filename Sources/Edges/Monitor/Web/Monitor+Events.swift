import HTTPTypes
import Hummingbird
import NIOCore
import SidetoneHTTP
import Synchronization

extension Monitor {
    /// Serves signals as Server-Sent Events.
    func events(_ request: Request, context: Context) async throws -> Response {
        let query = FormFields(request.uri.query ?? "")
        let filter = EventFilter(
            calls: Set(query.all("call")), tracks: Set(query.all("track")), types: Set(query.all("type")))
        let lastField = HTTPField.Name("Last-Event-ID").flatMap { request.headers[$0] } ?? query["last_event_id"]
        let last = try lastField.map { text in
            guard let number = Int64(text), number >= 0 else {
                throw APIError.badRequest("Last-Event-ID must be the number of an event")
            }
            return number
        }
        guard streams.acquireSlot() else {
            throw APIError(
                status: .serviceUnavailable, code: "full", message: "subscriber limit reached",
                headers: [.retryAfter: "5"])
        }
        let (callStates, streams, channel) = (callStates, streams, context.channel)
        let slot = EventStreamSlot(streams)
        return Response(
            status: .ok, headers: [.contentType: "text/event-stream", .cacheControl: "no-store"],
            body: ResponseBody { writer in
                let queue = await callStates.subscribe(filter, after: last)
                streams.add(queue, channel)
                do {
                    try await writer.write(ByteBuffer(bytes: EventText.hello))
                    try await request.body.consumeWithCancellationOnInboundClose { _ in
                        while let items = await queue.next() {
                            queue.write(isUnderWay: true)
                            try await writer.write(ByteBuffer(bytes: EventText.text(items)))
                            queue.write(isUnderWay: false)
                        }
                    }
                    try await writer.finish(nil)
                } catch {
                    // The client has closed the connection or was disconnected.
                }
                streams.remove(queue)
                slot.release()
                await callStates.unsubscribe(queue)
            })
    }
}

/// A subscriber's slot, released once, at the latest when the response is deallocated.
private final class EventStreamSlot: Sendable {
    private let streams: EventStreams
    private let isLeft = Atomic(false)

    init(_ streams: EventStreams) { self.streams = streams }

    func release() { if !isLeft.exchange(true, ordering: .acquiringAndReleasing) { streams.releaseSlot() } }

    deinit { release() }
}
