/// A single event on a track, found in its samples.
///
/// Facts are delivered once, as events: a column sampled by another clock would lose or repeat them where the rate or
/// the hop does not divide the clock. Positions are samples of the track, from the call clock's zero.
public struct TrackFact: Sendable, Hashable {
    /// The row whose new samples revealed it; one past the last row if the track's end did.
    public var row: Int64
    public var kind: Kind

    public enum Kind: Sendable, Hashable {
        /// A completed DTMF digit.
        case digit(Digit)
        /// A stretch of digital silence that fills whole packets of 20 ms.
        case emptyPackets(first: Int64, count: Int64)
    }

    /// Shifts its position by a number of samples.
    mutating func shift(by samples: Int64) {
        switch kind {
        case .digit(var digit):
            digit.start += samples
            digit.end += samples
            kind = .digit(digit)
        case .emptyPackets(let first, let count): kind = .emptyPackets(first: first + samples, count: count)
        }
    }

    public struct Digit: Sendable, Hashable {
        /// Its index in `DTMFReceiver.digits`, from 1.
        public var code: Int
        public var start: Int64
        /// One past its last sample.
        public var end: Int64
        /// The mean of both tones.
        public var levelDBFS: Float
    }
}
