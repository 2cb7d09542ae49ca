public import SidetoneCallControl

/// What became of one call.
public struct CallReport: Sendable {
    /// What became of one of its streams.
    public struct Stream: Sendable {
        public var controlID: String
        public var url: String
        public var tracks: StreamTracks
        /// Seconds of the call.
        public var started: Double
        public var ended: Double
        public var play: PlayReport
    }

    public var callID: String
    /// `completed` or `failed`.
    public var status = "completed"
    /// Why it ended: a sentence.
    public var reason = ""
    /// From the answer to the end.
    public var seconds = 0.0
    public var sampleRate = 8_000
    public var actions: [ActionRecord] = []
    public var streams: [Stream] = []
    public var variables: [String: String] = [:]
    /// Everything that went wrong, a sentence each.
    public var failures: [String] = []

    init(callID: String) { self.callID = callID }
}
