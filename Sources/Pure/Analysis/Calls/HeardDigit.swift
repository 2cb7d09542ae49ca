public import SidetoneModel

/// A push-button digit on the call clock.
public struct HeardDigit: Sendable, Hashable {
    /// What its sound was like.
    public struct Sound: Sendable, Hashable {
        /// Its index in `DTMFReceiver.digits`, from 1.
        public var code: Int
        /// The mean of both tones.
        public var levelDBFS: Float
    }

    public var role: TrackRole
    /// Whether it may as well be the other track's: the platform names none.
    public var isOfEitherTrack: Bool
    public var text: String
    /// Seconds on the call clock.
    public var start: Double
    public var end: Double
    /// Nil where the platform reports it.
    public var sound: Sound?
}

extension HeardDigit {
    /// A digit that the platform reports when its key is released.
    ///
    /// - Parameter seconds: how far the call's media has come.
    init(_ digit: WireDigit, at seconds: Double) {
        let length = min(seconds, max(0, Double(digit.durationMs ?? 0) / 1000))
        self.init(
            role: digit.track ?? .inbound, isOfEitherTrack: digit.track == nil, text: String(digit.digit),
            start: seconds - length, end: seconds, sound: nil)
    }
}
