import CSoxr

/// Converts the sample rate of one track with libsoxr's high-quality filter, block by block: linear phase, no dither, so
/// that the result does not depend on the block size.
package final class SampleRateConverter {
    private let resampler: OpaquePointer
    private let ratio: Double
    private var output: [Int16] = []

    /// - Parameters:
    ///   - source: samples per second of the input.
    ///   - target: samples per second of the result.
    /// - Throws: `FileError` if libsoxr does not convert between these rates.
    package init(from source: Int, to target: Int, path: String) throws(FileError) {
        var io = soxr_io_spec(SOXR_INT16_I, SOXR_INT16_I)
        io.flags |= UInt(SOXR_NO_DITHER)
        var quality = soxr_quality_spec(UInt(SOXR_HQ), 0)
        var error: soxr_error_t?
        guard let made = soxr_create(Double(source), Double(target), 1, &error, &io, &quality, nil) else {
            let reason = error.map { String(cString: $0) } ?? "libsoxr failed"
            throw FileError(.failed, path, "cannot be converted from \(source) to \(target) Hz: \(reason)")
        }
        resampler = made
        ratio = Double(target) / Double(source)
    }

    deinit { soxr_delete(resampler) }

    /// Converts the next samples; the result lags by the filter's delay.
    package func convert(_ samples: [Int16]) -> [Int16] {
        var result: [Int16] = []
        var rest = samples[...]
        repeat {
            let (used, made) = process(rest)
            result += output[..<made]
            rest = rest.dropFirst(used)
            if used == 0, made == 0 { break }
        } while !rest.isEmpty
        return result
    }

    /// Returns the rest held by the filter; nothing may be converted afterwards.
    package func finish() -> [Int16] {
        var result: [Int16] = []
        while true {
            let (_, made) = process(nil)
            guard made > 0 else { return result }
            result += output[..<made]
        }
    }

    private func process(_ samples: ArraySlice<Int16>?) -> (used: Int, made: Int) {
        let room = Int(Double(samples?.count ?? 0) * ratio) + 4_096
        if output.count < room { output = Array(repeating: 0, count: room) }
        var (used, made) = (0, 0)
        if let samples {
            samples.withUnsafeBufferPointer { input in
                _ = soxr_process(resampler, input.baseAddress, samples.count, &used, &output, room, &made)
            }
        } else {
            _ = soxr_process(resampler, nil, 0, nil, &output, room, &made)
        }
        return (used, made)
    }
}
