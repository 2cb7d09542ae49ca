package import SidetoneModel
package import SidetonePipeline

/// `inbound.npy`, `outbound.npy`: a track's rows as a NumPy matrix of 32-bit floats, shape `[rows, columns]`, with the
/// columns' names beside it, one per line, in `inbound.columns.txt`.
///
/// NumPy's format 1.0 (numpy.lib.format): magic, version, length of the header, a Python dictionary padded with spaces
/// and ended by a line feed, in total a multiple of 64 bytes; then the values, row by row, little-endian. The header
/// always states the current number of rows. Row *i* of the matrix is row *i* of the track: lost rows are not-a-number.
package final class NPYRows: RowFile {
    package static let name = "npy"
    package static let endings = [
        FileDeclaration("npy", FileDeclaration.bytes), FileDeclaration("columns.txt", FileDeclaration.plainText),
    ]
    package static let summary = "Each track's rows as a NumPy matrix, with a list of its columns beside it."

    /// Leaves room for any number of rows.
    static let headerBytes = 128

    private let files: StreamFiles
    private let file: OutputFile
    private let columns: Int
    /// Rows in the file.
    private var rows: Int64 = 0
    /// Rows not yet written.
    private var pending: [UInt8] = []
    /// The number of the next row.
    private var next: Int64 = 0

    package init(_ files: StreamFiles, track: TrackInfo) throws(FileError) {
        self.files = files
        columns = track.columns.count
        let names = track.columns.map { $0.name + "\n" }.joined()
        try files.writeWhole("\(track.role.rawValue).columns.txt", bytes: Array(names.utf8))
        file = try files.create("\(track.role.rawValue).npy", kind: .matrix)
        try file.append(header)
    }

    package func append(_ block: RowBlock) throws(FileError) {
        try fill(upTo: block.firstRow)
        let known = Int(min(max(0, next - block.firstRow), Int64(block.count)))
        for value in block.values[(known * columns)...] { append(value) }
        next += Int64(block.count - known)
        if pending.count >= LineWriter.pendingBytes { try flush() }
    }

    /// Lost rows: not-a-number, so that later rows keep their indices.
    private func fill(upTo row: Int64) throws(FileError) {
        while next < row {
            for _ in 0..<columns { append(.nan) }
            next += 1
            if pending.count >= LineWriter.pendingBytes { try flush() }
        }
    }

    private func append(_ value: Float) {
        withUnsafeBytes(of: value.bitPattern.littleEndian) { pending.append(contentsOf: $0) }
    }

    package func close(rows: Int64?) throws(FileError) {
        if let rows { try fill(upTo: rows) }
        try flush()
        try files.close(file)
    }

    private func flush() throws(FileError) {
        guard !pending.isEmpty, columns > 0 else { return }
        try file.append(pending)
        rows += Int64(pending.count / 4 / columns)
        pending.removeAll(keepingCapacity: true)
        try file.write(header, at: 0)
    }

    private var header: [UInt8] {
        let text = "{'descr': '<f4', 'fortran_order': False, 'shape': (\(rows), \(columns)), }"
        let length = Self.headerBytes - 10
        var bytes: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(length), 0]
        bytes += Array(text.utf8)
        bytes += [UInt8](repeating: UInt8(ascii: " "), count: Self.headerBytes - 1 - bytes.count)
        bytes.append(UInt8(ascii: "\n"))
        return bytes
    }
}
