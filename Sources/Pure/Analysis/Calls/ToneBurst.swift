/// One continuous stretch of a tone, in steps.
struct ToneBurst: Equatable {
    /// As in `ToneFeature`'s column.
    var code: Int
    /// Its frequency; 0 for a standard pair.
    var hz: Float
    var start: Int64
    /// One past its last step.
    var end: Int64
    var levelDBFS: Float = -96
    /// The loudest step of the preceding pause.
    var pauseDBFS: Float = -96

    /// The frequency difference above which two tones are distinct: 1.5 %, at least 12 Hz.
    static let tolerance: (share: Float, hz: Float) = (0.015, 12)

    var length: Int64 { end - start }

    func isSame(as one: ToneBurst) -> Bool {
        code == one.code && abs(hz - one.hz) <= max(Self.tolerance.hz, Self.tolerance.share * hz)
    }

    mutating func extend(to one: ToneBurst) { end = one.end }

    mutating func raise(to levelDBFS: Float) { self.levelDBFS = max(self.levelDBFS, levelDBFS) }
}
