/// Where the audio of one track comes from, such as a file.
public protocol SampleReader {
    /// Samples in all.
    var sampleCount: Int64 { get }
    /// Appends the next samples, fewer than asked for only at the end.
    mutating func read(_ count: Int, into samples: inout [Int16]) throws
}

/// Samples that are there already.
public struct SamplesInMemory: SampleReader {
    private var rest: ArraySlice<Int16>
    public let sampleCount: Int64

    public init(_ samples: [Int16]) {
        rest = samples[...]
        sampleCount = Int64(samples.count)
    }

    public mutating func read(_ count: Int, into samples: inout [Int16]) {
        samples += rest.prefix(count)
        rest = rest.dropFirst(count)
    }
}
