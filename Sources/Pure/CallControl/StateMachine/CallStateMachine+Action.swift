extension CallStateMachine {
    /// What a flow wants done now. Whoever carries it out answers where it says so, and asks for the next one.
    package enum Action: Sendable, Hashable {
        /// Opens a stream in the background. Answer with `streamStarted` or `streamFailed` when that is known.
        case startStream(ActiveStream)
        case stopStreams([ActiveStream])
        case record(CallEvent.RecordingOrder)
        /// Speaks a text to the caller. Answer with `plays`, once its sound is there.
        case speak(String)
        /// Plays keys to the caller. Answer with `plays`.
        case sendDigits(String, pauseBeforeMs: Int)
        case hold
        case resume
        case mute(AudioDirection)
        case unmute(AudioDirection)
        /// Loads another document. Answer with `loaded` or `loadFailed`.
        case load(RedirectRequest)
        case tell(GatheredData)
        /// The call is over; there is no order after this one.
        case end(CallEnd)
    }
}
