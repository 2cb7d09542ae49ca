extension CallStateMachine {
    /// An action to perform now. The runner reports its result where stated, and requests the next one.
    package enum Action: Sendable, Hashable {
        /// Opens a stream in the background. Report `streamStarted` or `streamFailed` when that is known.
        case startStream(ActiveStream)
        case stopStreams([ActiveStream])
        case record(CallEvent.RecordingOrder)
        /// Speaks a text to the caller. Report `plays` once its audio is available.
        case speak(String)
        /// Plays keys to the caller. Report `plays`.
        case sendDigits(String, pauseBeforeMs: Int)
        case hold
        case resume
        case mute(AudioDirection)
        case unmute(AudioDirection)
        /// Loads another document. Report `loaded` or `loadFailed`.
        case load(RedirectRequest)
        case reportDigits(GatheredData)
        /// The call has ended; no action follows.
        case end(CallEnd)
    }
}
