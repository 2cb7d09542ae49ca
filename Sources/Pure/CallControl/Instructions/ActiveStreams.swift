/// The active media streams of one call.
public struct ActiveStreams: Sendable {
    /// In starting order.
    public private(set) var all: [ActiveStream] = []
    private var generated = 0

    public init() {}

    /// Adds a stream with its control ID, or a generated one.
    /// - Returns: nil when the control ID is in use; the stream is then not added.
    public mutating func start(_ request: StreamRequest) -> ActiveStream? {
        let controlID = request.controlID ?? nextID()
        guard !contains(controlID) else { return nil }
        let stream = ActiveStream(controlID: controlID, request: request)
        all.append(stream)
        return stream
    }

    /// Removes the streams that a stop matches.
    /// - Returns: the removed streams, in starting order; empty without a match.
    public mutating func stop(_ match: StreamMatch) -> [ActiveStream] {
        let stopped: [ActiveStream]
        switch match {
        case .mostRecent: stopped = all.suffix(1)
        case .controlID(let id): stopped = all.filter { $0.controlID == id }
        case .matching(let url, let tracks):
            stopped = all.filter { stream in
                (url.map { $0 == stream.request.url } ?? true) && (tracks.map { $0 == stream.request.tracks } ?? true)
            }
        }
        all.removeAll { stream in stopped.contains { $0.controlID == stream.controlID } }
        return stopped
    }

    private func contains(_ controlID: String) -> Bool { all.contains { $0.controlID == controlID } }

    private mutating func nextID() -> String {
        repeat { generated += 1 } while contains("stream-\(generated)")
        return "stream-\(generated)"
    }
}
