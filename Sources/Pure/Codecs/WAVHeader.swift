/// The 44 bytes before 16-bit PCM in a WAV file (RIFF, Microsoft and IBM 1991; WAVEFORMAT with `WAVE_FORMAT_PCM`).
package enum WAVHeader {
    package static let bytes: Int64 = 44

    /// - Parameter dataBytes: length of the samples. A size field holds at most 4 GiB − 1; longer files state that
    ///   maximum, which ffmpeg and sox read as "to the end of the file" and other programs as the first 4 GiB.
    package static func make(sampleRate: Int, channels: Int, dataBytes: Int64) -> [UInt8] {
        var header: [UInt8] = []
        header.reserveCapacity(Int(bytes))
        func append(_ tag: String) { header.append(contentsOf: tag.utf8) }
        func append(_ number: Int64, count: Int) {
            for n in 0..<count { header.append(UInt8(truncatingIfNeeded: number >> (8 * Int64(n)))) }
        }
        append("RIFF")
        append(size(dataBytes + bytes - 8), count: 4)
        append("WAVEfmt ")
        append(16, count: 4)
        append(1, count: 2)
        append(Int64(channels), count: 2)
        append(Int64(sampleRate), count: 4)
        append(Int64(sampleRate * channels * 2), count: 4)
        append(Int64(channels * 2), count: 2)
        append(16, count: 2)
        append("data")
        append(size(dataBytes), count: 4)
        return header
    }

    private static func size(_ bytes: Int64) -> Int64 { min(bytes, Int64(UInt32.max)) }
}
