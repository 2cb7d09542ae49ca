import Glibc

/// The 44 bytes before 16-bit PCM in a WAV file (RIFF, Microsoft and IBM 1991; WAVEFORMAT with `WAVE_FORMAT_PCM`).
enum WAVHeader {
    static let bytes: Int64 = 44

    /// - Parameter dataBytes: of the samples. A size field ends at 4 GiB − 1: what is longer says the largest size, which
    ///   ffmpeg and sox take for "to the end of the file" and others for the first 4 GiB.
    static func make(sampleRate: Int, channels: Int, dataBytes: Int64) -> [UInt8] {
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

    /// Writes the sizes that a file's length asks for.
    ///
    /// - Returns: the length without the part of a frame at its end; 0 when not even the header is whole.
    static func repair(_ descriptor: Int32, _ fileBytes: Int64, _ path: String) throws(FileError) -> Int64 {
        guard fileBytes >= bytes else { return 0 }
        var header = [UInt8](repeating: 0, count: Int(bytes))
        let count = header.count
        guard pread(descriptor, &header, count, 0) == count else { throw FileError(errno: errno, "read", path) }
        let channels = Int(header[22]) | Int(header[23]) << 8
        let sampleRate = (0..<4).reduce(0) { $0 | Int(header[24 + $1]) << (8 * $1) }
        let isOurs = header[0..<4].elementsEqual("RIFF".utf8) && header[36..<40].elementsEqual("data".utf8)
        guard isOurs, channels == 1 || channels == 2 else {
            throw FileError(.unreadable, path, "no WAV file of Sidetone's")
        }
        let frame = Int64(channels * 2)
        let data = (fileBytes - bytes) / frame * frame
        let right = make(sampleRate: sampleRate, channels: channels, dataBytes: data)
        guard pwrite(descriptor, right, right.count, 0) == right.count else {
            throw FileError(errno: errno, "write", path)
        }
        return bytes + data
    }

    private static func size(_ bytes: Int64) -> Int64 { min(bytes, Int64(UInt32.max)) }
}
