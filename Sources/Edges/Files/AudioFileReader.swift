import CSndFile
import Glibc

/// Reads an audio file of any format supported by libsndfile, as 16-bit samples, block by block.
///
/// Integer samples of up to 16 bits are read unchanged and wider ones are rounded. Floating-point samples and lossy
/// formats are scaled so that ±1.0 is ±32,768; samples beyond full scale are clipped and counted.
package final class AudioFileReader {
    package let path: String
    /// Samples per second.
    package let sampleRate: Int
    /// 1, or 2: the first is inbound, the second outbound.
    package let channels: Int
    /// Samples per channel, as stated by the file.
    package let frames: Int64
    /// Whether `frames` is exact; MP3 files only allow an estimate.
    package let knowsLength: Bool
    /// Samples beyond full scale so far.
    package private(set) var clipped = 0

    private let file: OpaquePointer
    private let isFloat: Bool
    private var samples: [Int16] = []
    private var integers: [Int32] = []
    private var floats: [Float] = []

    /// - Parameter layout: how the samples of a headerless file are stored; nil for files with a header.
    /// - Throws: `FileError`: the file cannot be opened, is not an audio file, or has more than two channels.
    package init(path: String, layout: RawLayout? = nil) throws(FileError) {
        var info = SF_INFO()
        var file = try Self.open(path, layout: layout, info: &info)
        // libsndfile treats a data chunk of size 0 as empty.
        if layout == nil, info.frames == 0, let layout = try UnfinishedWAV.layout(path) {
            sf_close(file)
            file = try Self.open(path, layout: layout, info: &info)
        }
        guard (1...2).contains(info.channels) else {
            sf_close(file)
            throw FileError(
                .unreadable, path,
                "has \(info.channels) channels; supported: 1, or 2 with inbound left and outbound right")
        }
        self.path = path
        self.file = file
        sampleRate = Int(info.samplerate)
        channels = Int(info.channels)
        frames = Int64(info.frames)
        isFloat = Self.isFloat(info.format)
        knowsLength = Int(info.format) & Int(SF_FORMAT_TYPEMASK) != Int(SF_FORMAT_MPEG)
    }

    deinit { sf_close(file) }

    private static func open(
        _ path: String, layout: RawLayout?, info: inout SF_INFO
    ) throws(FileError) -> OpaquePointer {
        let descriptor = try ByteReader.open(path)
        info = SF_INFO()
        if let layout {
            info.format = layout.format
            info.samplerate = Int32(clamping: layout.sampleRate)
            info.channels = Int32(clamping: layout.channels)
        }
        guard let file = sf_open_fd(descriptor, Int32(SFM_READ), &info, 1) else {
            throw FileError(
                .unreadable, path,
                "not a readable audio file: \(String(cString: sf_strerror(nil))) Supported: WAV, FLAC, Ogg, MP3, AIFF, AU, CAF"
            )
        }
        if var offset = layout.map({ sf_count_t($0.offset) }), offset > 0 {
            sf_command(file, Int32(SFC_SET_RAW_START_OFFSET), &offset, Int32(MemoryLayout<sf_count_t>.size))
            sf_seek(file, 0, Int32(SEEK_SET))
            let frameBytes = sf_count_t(max(1, layout?.frameBytes ?? 1))
            var status = stat()
            if stat(path, &status) == 0 { info.frames = (sf_count_t(status.st_size) - offset) / frameBytes }
        }
        return file
    }

    /// Reads the next samples of each channel.
    ///
    /// - Parameters:
    ///   - count: the maximum, above 0.
    ///   - tracks: replaced by one array per channel.
    /// - Returns: the number read, 0 at the end.
    package func read(_ count: Int, into tracks: inout [[Int16]]) throws(FileError) -> Int {
        if samples.count < count * channels { samples = Array(repeating: 0, count: count * channels) }
        let read = isFloat ? readFloats(count) : readIntegers(count)
        guard sf_error(file) == 0 else {
            throw FileError(.unreadable, path, "damaged or truncated: \(String(cString: sf_strerror(file)))")
        }
        if tracks.count != channels { tracks = Array(repeating: [], count: channels) }
        for channel in 0..<channels {
            tracks[channel].removeAll(keepingCapacity: true)
            for frame in 0..<read { tracks[channel].append(samples[frame * channels + channel]) }
        }
        return read
    }

    /// libsndfile returns integers of every width in the upper bits of 32; its own 16-bit reader truncates instead of rounding.
    private func readIntegers(_ count: Int) -> Int {
        if integers.count < count * channels { integers = Array(repeating: 0, count: count * channels) }
        let read = max(0, Int(sf_readf_int(file, &integers, sf_count_t(count))))
        for n in 0..<read * channels {
            samples[n] = Int16(clamping: (Int64(integers[n]) + 0x8000) >> 16)
        }
        return read
    }

    private func readFloats(_ count: Int) -> Int {
        if floats.count < count * channels { floats = Array(repeating: 0, count: count * channels) }
        let read = max(0, Int(sf_readf_float(file, &floats, sf_count_t(count))))
        for n in 0..<read * channels {
            let scaled = (floats[n] * 32_768).rounded()
            if scaled > 32_767 || scaled < -32_768 { clipped += 1 }
            samples[n] = scaled.isNaN ? 0 : Int16(max(-32_768, min(32_767, scaled)))
        }
        return read
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
