import CSndFile

/// Reads an audio file of any format that libsndfile knows, as 16-bit samples, block by block.
///
/// Files of whole numbers are read as they are; those of floating-point numbers, and lossy ones, are scaled so that ±1.0
/// is ±32,768, and what does not fit is clipped and counted.
package final class AudioFileReader {
    package let path: String
    /// Samples per second.
    package let sampleRate: Int
    /// 1, or 2: then the first is inbound, the second outbound.
    package let channels: Int
    /// Samples of each channel.
    package let frames: Int64
    /// Samples so far that were beyond full scale.
    package private(set) var clipped = 0

    private let file: OpaquePointer
    private let isFloat: Bool
    private var whole: [Int16] = []
    private var floats: [Float] = []

    /// - Throws: `FileError`: the file cannot be opened, is no audio file, or has more than two channels.
    package init(path: String) throws(FileError) {
        let descriptor = try ByteReader.open(path)
        var info = SF_INFO()
        guard let file = sf_open_fd(descriptor, Int32(SFM_READ), &info, 1) else {
            throw FileError(.unreadable, path, "\(String(cString: sf_strerror(nil))) It takes WAV, FLAC, Ogg, AU, …")
        }
        guard (1...2).contains(info.channels) else {
            sf_close(file)
            throw FileError(
                .unreadable, path, "has \(info.channels) channels; it takes 1, or 2 with inbound left, outbound right")
        }
        self.path = path
        self.file = file
        sampleRate = Int(info.samplerate)
        channels = Int(info.channels)
        frames = Int64(info.frames)
        isFloat = Self.isFloat(info.format)
    }

    deinit { sf_close(file) }

    /// Reads the next samples of each channel.
    ///
    /// - Parameters:
    ///   - count: at most so many, above 0.
    ///   - tracks: replaced by one array a channel.
    /// - Returns: how many were read, 0 at the end.
    package func read(_ count: Int, into tracks: inout [[Int16]]) throws(FileError) -> Int {
        let read = isFloat ? readFloats(count) : readWhole(count)
        guard sf_error(file) == 0 else { throw FileError(.unreadable, path, String(cString: sf_strerror(file))) }
        if tracks.count != channels { tracks = Array(repeating: [], count: channels) }
        for channel in 0..<channels {
            tracks[channel].removeAll(keepingCapacity: true)
            for frame in 0..<read { tracks[channel].append(whole[frame * channels + channel]) }
        }
        return read
    }

    private func readWhole(_ count: Int) -> Int {
        grow(&whole, count, 0)
        return Int(sf_readf_short(file, &whole, sf_count_t(count)))
    }

    private func readFloats(_ count: Int) -> Int {
        grow(&whole, count, 0)
        grow(&floats, count, 0)
        let read = Int(sf_readf_float(file, &floats, sf_count_t(count)))
        for n in 0..<max(0, read) * channels {
            let scaled = (floats[n] * 32_768).rounded()
            if scaled > 32_767 || scaled < -32_768 { clipped += 1 }
            whole[n] = scaled.isNaN ? 0 : Int16(max(-32_768, min(32_767, scaled)))
        }
        return read
    }

    private func grow<Sample>(_ samples: inout [Sample], _ count: Int, _ zero: Sample) {
        if samples.count < count * channels { samples = Array(repeating: zero, count: count * channels) }
    }

    private static func isFloat(_ format: Int32) -> Bool {
        switch Int(format) & Int(SF_FORMAT_SUBMASK) {
        case Int(SF_FORMAT_FLOAT), Int(SF_FORMAT_DOUBLE), Int(SF_FORMAT_VORBIS), Int(SF_FORMAT_OPUS),
            Int(SF_FORMAT_MPEG_LAYER_I), Int(SF_FORMAT_MPEG_LAYER_II), Int(SF_FORMAT_MPEG_LAYER_III):
            true
        default: false
        }
    }
}
