import SidetoneModel

/// Gathers whole lines and appends them to a file, never a part of one.
final class LineWriter {
    /// Lines wait until they fill this many bytes, or until they have waited long enough.
    static let pendingBytes = 16_384

    /// Lines that wait.
    var text: [UInt8] = []
    /// Rows of a track among them.
    private var rows = 0
    private let files: StreamFiles
    private let file: OutputFile

    init(_ files: StreamFiles, _ name: String) throws(FileError) {
        self.files = files
        file = try files.create(name, kind: .lines)
        text.reserveCapacity(Self.pendingBytes / 2)
    }

    /// Writes what waits once it is much, or 0.6 s of rows: with what waits in a block before it, less than a second.
    ///
    /// - Parameter count: of rows that were added.
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
