public import SidetoneModel

/// A DTMF digit on the call clock.
public struct HeardDigit: Sendable, Hashable {
    /// Its audio characteristics.
    public struct Sound: Sendable, Hashable {
        /// Its index in `DTMFReceiver.digits`, from 1.
        public var code: Int
        /// The mean level of both tones.
        public var levelDBFS: Float
    }

    public var role: TrackRole
    /// Whether its track is uncertain, because the platform reports none.
    public var isOfEitherTrack: Bool
    public var text: String
    /// Seconds on the call clock.
    public var start: Double
    public var end: Double
    /// Nil if the platform reported it.
    public var sound: Sound?
}

extension HeardDigit {
    /// A digit reported by the platform when its key is released.
    ///
    /// - Parameter seconds: the position of the call's media.
    init(_ digit: WireDigit, at seconds: Double) {
        let length = min(seconds, max(0, Double(digit.durationMs ?? 0) / 1000))
        self.init(
            role: digit.track ?? .inbound, isOfEitherTrack: digit.track == nil, text: String(digit.digit),
            start: seconds - length, end: seconds, sound: nil)
    }
}
