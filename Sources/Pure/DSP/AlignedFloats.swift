import CFFTW

/// An array of floats in memory suitable for FFTW and wide vectors: aligned as by `fftwf_malloc`, zeroed, of fixed
/// size.
///
/// A mutable collection; not Sendable: it belongs to one track. Eight zeros follow the last value, so that a kernel may
/// read whole vectors.
// Safe: `base` is allocated for `count` values and the zeros in `init`, freed only in `deinit`, and every access
// through the collection is checked against `count`. Kernels that use `base` hold the object.
public final class AlignedFloats: RandomAccessCollection, MutableCollection {
    public let base: UnsafeMutablePointer<Float>
    public let count: Int

    /// The number of zeros after the last value.
    static let padding = 8

    public init(count: Int) {
        precondition(count > 0, "an aligned buffer holds at least one value")
        let capacity = count + Self.padding
        guard let raw = fftwf_malloc(capacity * MemoryLayout<Float>.stride) else {
            preconditionFailure("no memory for \(count) samples")
        }
        base = raw.bindMemory(to: Float.self, capacity: capacity)
        base.initialize(repeating: 0, count: capacity)
        self.count = count
    }

    /// - Parameter values: at least one.
    public convenience init(_ values: [Float]) {
        self.init(count: values.count)
        for (index, value) in values.enumerated() { base[index] = value }
    }

    deinit { fftwf_free(base) }

    /// Copies every value.
    ///
    /// - Parameter values: shape `[count]`.
    public func copy(into values: inout [Float]) {
        precondition(values.count == count, "there are \(count) values")
        values.withUnsafeMutableBufferPointer { $0.baseAddress?.update(from: base, count: count) }
    }

    public var startIndex: Int { 0 }
    public var endIndex: Int { count }

    public subscript(index: Int) -> Float {
        get {
            precondition(index >= 0 && index < count, "there are \(count) values")
            return base[index]
        }
        set {
            precondition(index >= 0 && index < count, "there are \(count) values")
            base[index] = newValue
        }
    }
}
