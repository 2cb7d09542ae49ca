#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// The two pitch scales on which mel bands are spaced.
enum MelScale {
    /// O'Shaughnessy, Speech Communication, 1987, in the form 1127·ln(1 + f/700).
    case logarithmic
    /// Slaney, Auditory Toolbox, Apple TR 45, 1993: linear to 1 kHz, 200/3 Hz per mel, then 27 steps per factor of 6.4.
    case slaney

    private static let hzPerMel = 200.0 / 3
    private static let edgeHz = 1_000.0
    private static let edgeMel = edgeHz / hzPerMel
    private static let step = log(6.4) / 27

    func mel(ofHz hz: Double) -> Double {
        switch self {
        case .logarithmic: 1127 * log(1 + hz / 700)
        case .slaney:
            hz < Self.edgeHz ? hz / Self.hzPerMel : Self.edgeMel + log(hz / Self.edgeHz) / Self.step
        }
    }

    func hz(ofMel mel: Double) -> Double {
        switch self {
        case .logarithmic: 700 * (exp(mel / 1127) - 1)
        case .slaney:
            mel < Self.edgeMel ? mel * Self.hzPerMel : Self.edgeHz * exp((mel - Self.edgeMel) * Self.step)
        }
    }
}
