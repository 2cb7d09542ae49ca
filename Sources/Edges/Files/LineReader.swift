/// Reads a file line by line; a line may have up to 16 MiB.
final class LineReader {
    static let longestLine = 16 << 20

    struct Line {
        var bytes: [UInt8]
        /// Whether the last line had a line end.
        var isWhole: Bool
    }

    /// The number of the last line read, from 1.
    private(set) var number = 0
    private let reader: ByteReader
    private var piece = [UInt8](repeating: 0, count: 65_536)
    private var rest: ArraySlice<UInt8> = []

    init(path: String) throws(FileError) { reader = try ByteReader(path: path) }

    /// The next line without its line end; nil after the last.
    func next() throws(FileError) -> Line? {
        var line: [UInt8] = []
        while true {
            if let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                line.append(contentsOf: rest[..<end])
                rest = rest[(end + 1)...]
                number += 1
                return Line(bytes: line, isWhole: true)
            }
            line.append(contentsOf: rest)
            guard line.count <= Self.longestLine else {
                throw FileError(.malformed, reader.path, "line \(number + 1): longer than \(Self.longestLine) bytes")
            }
            let count = try reader.read(into: &piece)
            rest = piece[..<count]
            if count == 0 {
                if line.isEmpty { return nil }
                number += 1
                return Line(bytes: line, isWhole: false)
            }
        }
    }
}
