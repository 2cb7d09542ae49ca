/// The media streams of one call, and what a stop means for them.
public struct ActiveStreams: Sendable {
    /// In the order of their start.
    public private(set) var all: [ActiveStream] = []
    private var generated = 0

    public init() {}

    /// Takes a stream in, under its own control id or a generated one.
    ///
    /// - Returns: nil when the control id is in use; nothing starts then.
    public mutating func start(_ request: StreamRequest) -> ActiveStream? {
        let controlID = request.controlID ?? nextID()
        guard !contains(controlID) else { return nil }
        let stream = ActiveStream(controlID: controlID, request: request)
        all.append(stream)
        return stream
    }

    /// Takes out what the stop means.
    ///
    /// - Returns: what was stopped, in the order of its start; empty when nothing matched, and nothing happened then.
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
