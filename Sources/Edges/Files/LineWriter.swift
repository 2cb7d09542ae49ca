import SidetoneModel

/// Buffers lines and appends them to a file, always complete ones.
final class LineWriter {
    /// Lines are written once they fill this many bytes or have waited long enough.
    static let pendingBytes = 16_384

    /// Buffered lines.
    var text: [UInt8] = []
    /// Rows of a track among the buffered lines.
    private var rows = 0
    private let files: StreamFiles
    private let file: OutputFile

    init(_ files: StreamFiles, name: String) throws(FileError) {
        self.files = files
        file = try files.create(name, kind: .lines)
        text.reserveCapacity(Self.pendingBytes / 2)
    }

    /// Writes the buffer once it is large or holds 0.6 s of rows; together with the block before it, that is less than a second.
    ///
    /// - Parameter count: the number of rows added.
    func flushIfDue(_ count: Int, on grid: FrameGrid) throws(FileError) {
        rows += count
        if rows >= grid.sampleRate * 6 / 10 / grid.hop || text.count >= Self.pendingBytes { try flush() }
    }

    func flush() throws(FileError) {
        rows = 0
        guard !text.isEmpty else { return }
        try file.append(text)
        text.removeAll(keepingCapacity: true)
    }

    func close() throws(FileError) {
        try flush()
        try files.close(file)
    }
}
