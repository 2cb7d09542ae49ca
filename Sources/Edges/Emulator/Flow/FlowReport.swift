package import SidetoneCallControl
package import SidetonePlayback

/// The result of one call.
package struct FlowReport: Sendable {
    /// The result of one of its streams.
    package struct Stream: Sendable {
        package var controlID: String
        package var url: String
        package var tracks: StreamTracks
        /// Seconds of the call.
        package var started: Double
        package var ended: Double
        package var play: PlaybackResult
    }

    package var callID: String
    /// `completed` or `failed`.
    package var status = "completed"
    /// Why it ended, as a sentence.
    package var reason = ""
    /// Seconds from the answer to the end.
    package var seconds = 0.0
    package var sampleRate = 8_000
    package var actions: [ActionRecord] = []
    package var streams: [Stream] = []
    package var variables: [String: String] = [:]
    /// All failures, one sentence each.
    package var failures: [String] = []

    init(callID: String) { self.callID = callID }
}
