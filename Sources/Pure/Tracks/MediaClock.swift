public import SidetoneModel

/// The call clock: maps the platform's timestamps to sample positions, once per call and for both tracks.
///
/// A platform's clock may be reset during a call. Its timestamps then belong to a new epoch, which the track that
/// noticed it first maps to the call clock; the other track adopts it with its first packet that fits the new epoch
/// better.
public struct MediaClock: Sendable {
    /// A stretch of the platform's clock, tied to the call clock at one point.
    struct Epoch: Sendable {
        var number = 0
        /// The platform's timestamp at `position`, in milliseconds.
        var timestampMs: Int64
        /// A sample position on the call clock.
        var position: Int64
        var sampleRate: Int64

        /// Converts a timestamp to a sample position.
        func position(of timestampMs: Int64) -> Int64 {
            let offset = MediaClock.clamped(timestampMs) - self.timestampMs
            // Whole seconds first: the product of a hostile timestamp and the rate would overflow.
            return position + offset / 1_000 * sampleRate + offset % 1_000 * sampleRate / 1_000
        }
    }

    /// A first timestamp later than this, in milliseconds, sets the zero of the call clock.
    static let maxFirstTimestampMs: Int64 = 60_000
    /// Timestamps beyond this limit, about 30,000 years either way, are clamped to it.
    static let timestampLimitMs: Int64 = 1_000_000_000_000_000

    /// The newest epoch.
    private(set) var epoch: Epoch
    /// How far one track may lead the other before the other counts as silent, in samples.
    public let maxSkew: Int64
    private var inboundEnd: Int64 = 0
    private var outboundEnd: Int64 = 0
    private var isStarted = false

    /// - Parameter maxSkewMs: how far one track may lead the other before the other counts as silent.
    public init(sampleRate: Int, maxSkewMs: Int) {
        epoch = Epoch(timestampMs: 0, position: 0, sampleRate: Int64(sampleRate))
        maxSkew = Int64(maxSkewMs) * Int64(sampleRate) / 1_000
    }

    /// Starts the clock with the stream's first packet on either track; later calls have no effect.
    ///
    /// Platforms count from the start of the stream, so the call clock's zero is timestamp 0. A clock that shows more
    /// than a minute at the first packet has another origin; the zero is then that packet.
    public mutating func start(firstTimestampMs: Int64?) {
        guard !isStarted else { return }
        isStarted = true
        guard let first = firstTimestampMs, first > Self.maxFirstTimestampMs else { return }
        epoch.timestampMs = Self.clamped(first)
    }

    /// The end of a track on the call clock: the position of its next sample.
    public package(set) subscript(end role: TrackRole) -> Int64 {
        get { role == .inbound ? inboundEnd : outboundEnd }
        set { if role == .inbound { inboundEnd = newValue } else { outboundEnd = newValue } }
    }

    /// Starts a new epoch: `timestampMs` corresponds to `position` from now on.
    mutating func begin(timestampMs: Int64, at position: Int64) {
        epoch = Epoch(
            number: epoch.number + 1, timestampMs: Self.clamped(timestampMs), position: position,
            sampleRate: epoch.sampleRate)
    }

    private static func clamped(_ timestampMs: Int64) -> Int64 {
        min(max(timestampMs, -timestampLimitMs), timestampLimitMs)
    }
}

/// A reset of the platform's clock, confirmed by two packets.
public struct ClockJump: Sendable, Hashable {
    /// The position on the call clock from which the new timestamps apply.
    public var position: Int64
    /// The change of the timestamps relative to the audio, in milliseconds.
    public var jumpMs: Int64

    public init(position: Int64, jumpMs: Int64) {
        self.position = position
        self.jumpMs = jumpMs
    }
}
