/// The source of one track's audio, such as a file.
package protocol SampleReader {
    /// The total number of samples.
    var sampleCount: Int64 { get }
    /// Appends the next samples, fewer than requested only at the end.
    mutating func read(_ count: Int, into samples: inout [Int16]) throws
}

/// Samples in memory.
package struct SamplesInMemory: SampleReader {
    private var rest: ArraySlice<Int16>
    package let sampleCount: Int64

    package init(_ samples: [Int16]) {
        rest = samples[...]
        sampleCount = Int64(samples.count)
    }

    package mutating func read(_ count: Int, into samples: inout [Int16]) {
        samples += rest.prefix(count)
        rest = rest.dropFirst(count)
    }
}
