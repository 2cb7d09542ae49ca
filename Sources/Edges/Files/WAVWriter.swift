import SidetoneCodecs

/// Writes a WAV file that can be opened at any moment, even after the writer was killed.
///
/// Every write is followed by an updated header, whose 44 bytes lie within one page.
final class WAVWriter {
    let sampleRate: Int
    let channels: Int
    /// Frames in the file.
    private(set) var frames: Int64 = 0
    private let files: StreamFiles
    private let file: OutputFile

    init(_ files: StreamFiles, name: String, sampleRate: Int, channels: Int) throws(FileError) {
        self.sampleRate = sampleRate
        self.channels = channels
        self.files = files
        file = try files.create(name, kind: .wav)
        try file.append(WAVHeader.make(sampleRate: sampleRate, channels: channels, dataBytes: 0))
    }

    private var frameBytes: Int64 { Int64(channels * 2) }

    private func offset(of frame: Int64) -> Int64 { WAVHeader.bytes + frame * frameBytes }

    /// Writes frames at a position; a hole before it reads 0, and the file never shrinks.
    ///
    /// - Parameter samples: interleaved, shape `[frames, channels]`.
    func write(_ samples: [Int16], at frame: Int64) throws(FileError) {
        guard !samples.isEmpty else { return }
        try file.write(samples, at: offset(of: frame))
        let end = frame + Int64(samples.count / channels)
        guard end > frames else { return }
        frames = end
        let header = WAVHeader.make(sampleRate: sampleRate, channels: channels, dataBytes: frames * frameBytes)
        try file.write(header, at: 0)
        file.wholeBytes = offset(of: frames)
    }

    /// Extends the file to this length; the added part reads 0.
    func extend(to count: Int64) throws(FileError) {
        guard count > frames else { return }
        try write([Int16](repeating: 0, count: channels), at: count - 1)
    }

    /// Reads frames back into `samples`, up to its capacity; frames not yet written read 0.
    func read(_ samples: inout [Int16], at frame: Int64) throws(FileError) {
        try file.read(&samples, at: offset(of: frame))
    }

    func close() throws(FileError) { try files.close(file) }

    /// Closes the file and removes it.
    func discard() throws(FileError) { try files.discard(file) }
}
