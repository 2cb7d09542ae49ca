/// The 44 bytes before 16-bit PCM in a WAV file (RIFF, Microsoft and IBM 1991; WAVEFORMAT with `WAVE_FORMAT_PCM`).
package enum WAVHeader {
    package static let bytes: Int64 = 44

    /// - Parameter dataBytes: of the samples. A size field ends at 4 GiB − 1: what is longer says the largest size, which
    ///   ffmpeg and sox take for "to the end of the file" and others for the first 4 GiB.
    package static func make(sampleRate: Int, channels: Int, dataBytes: Int64) -> [UInt8] {
        var header: [UInt8] = []
        header.reserveCapacity(Int(bytes))
        func put(_ tag: String) { header.append(contentsOf: tag.utf8) }
        func put(_ number: Int64, _ count: Int) {
            for n in 0..<count { header.append(UInt8(truncatingIfNeeded: number >> (8 * Int64(n)))) }
        }
        put("RIFF")
        put(size(dataBytes + bytes - 8), 4)
        put("WAVEfmt ")
        put(16, 4)
        put(1, 2)
        put(Int64(channels), 2)
        put(Int64(sampleRate), 4)
        put(Int64(sampleRate * channels * 2), 4)
        put(Int64(channels * 2), 2)
        put(16, 2)
        put("data")
        put(size(dataBytes), 4)
        return header
    }

    private static func size(_ bytes: Int64) -> Int64 { min(bytes, Int64(UInt32.max)) }
}
