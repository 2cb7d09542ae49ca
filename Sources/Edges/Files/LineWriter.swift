import SidetoneModel

/// Gathers whole lines and appends them to a file, never a part of one.
final class LineWriter {
    /// Lines wait until they fill this many bytes, or until their format says that they have waited long enough.
    static let pendingBytes = 16_384

    /// Lines that wait.
    var text: [UInt8] = []
    private let files: StreamFiles
    private let file: OutputFile

    init(_ files: StreamFiles, _ name: String) throws(FileError) {
        self.files = files
        file = try files.create(name, .lines)
        text.reserveCapacity(Self.pendingBytes / 2)
    }

    /// After how many rows their format says so: with what waits in a block before it, less than a second of them.
    static func rowsPerFlush(_ grid: FrameGrid) -> Int { max(1, grid.sampleRate * 6 / 10 / grid.hop) }

    func flushIfFull() throws(FileError) {
        if text.count >= Self.pendingBytes { try flush() }
    }

    func flush() throws(FileError) {
        guard !text.isEmpty else { return }
        try file.append(text)
        text.removeAll(keepingCapacity: true)
    }

    func close() throws(FileError) {
        try flush()
        try files.close(file)
    }
}
