#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// Separates two tones of known frequencies that a stretch of this length does not resolve.
///
/// The amplitude that a rectangular window shows at one frequency includes a part of the other tone; inverting the
/// leakage matrix yields both, as by least squares.
struct PairFit {
    /// The leakage of the second tone at the first one's frequency: (1/N)·Σ e^(2πi·Δf·n/rate).
    private let leak: (real: Float, imaginary: Float)
    private let scale: Float

    /// - Parameter stretch: its samples, relative to the phase reference of the amplitudes.
    init(_ one: Double, _ other: Double, over stretch: Range<Int>, sampleRate: Int) {
        var (real, imaginary) = (0.0, 0.0)
        for n in stretch {
            let angle = 2 * Double.pi * (other - one) * Double(n) / Double(sampleRate)
            real += cos(angle)
            imaginary += sin(angle)
        }
        real /= Double(stretch.count)
        imaginary /= Double(stretch.count)
        leak = (Float(real), Float(imaginary))
        scale = Float(1 / (1 - real * real - imaginary * imaginary))
    }

    /// The powers of both tones, A²/2, from the complex amplitudes at their frequencies.
    func powers(_ one: (Float, Float), other: (Float, Float)) -> (Float, Float) {
        // one = a + leak·b, other = conj(leak)·a + b
        let a = (
            one.0 - (leak.real * other.0 - leak.imaginary * other.1),
            one.1 - (leak.real * other.1 + leak.imaginary * other.0)
        )
        let b = (
            other.0 - (leak.real * one.0 + leak.imaginary * one.1),
            other.1 - (leak.real * one.1 - leak.imaginary * one.0)
        )
        let factor = scale * scale / 2
        return ((a.0 * a.0 + a.1 * a.1) * factor, (b.0 * b.0 + b.1 * b.1) * factor)
    }
}
