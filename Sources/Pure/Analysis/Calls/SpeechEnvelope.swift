import SidetoneDSP

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// The envelope of ITU-T P.56 §5: |x| through two exponential averages of 30 ms, in steps of 5 ms.
struct SpeechEnvelope {
    private let step: Int
    private let gain: Float
    private var inner: Float = 0
    private var outer: Float = 0

    init(sampleRate: Int) {
        step = max(1, sampleRate / 200)
        gain = Float(exp(-Double(step) / Double(sampleRate) / 0.03))
    }

    var dBFS: Float { max(Level.floor, 20 * log10f(max(outer, 1e-9))) }

    mutating func process(_ block: Span<Float>) {
        var start = 0
        while start < block.count {
            let end = min(start + step, block.count)
            let mean = Peak.meanMagnitude(of: block.extracting(start..<end))
            inner = gain * inner + (1 - gain) * mean
            outer = gain * outer + (1 - gain) * inner
            start = end
        }
    }
}
