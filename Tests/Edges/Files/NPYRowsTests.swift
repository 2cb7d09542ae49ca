import SidetoneModel
import SidetonePipeline
import Testing

@testable import SidetoneFiles

@Suite struct NPYRowsTests {
    private let track = makeTrack(.inbound)

    private func block(_ first: Int64, count: Int) -> RowBlock {
        RowBlock(
            track: .inbound, grid: track.grid, columns: track.columns, firstRow: first,
            values: (0..<count).flatMap { [Float(first) + Float($0), 0.5] })
    }

    /// The matrix' first column, and its rows by the header.
    private func matrix(_ bytes: [UInt8]) -> (rows: [Float], shape: String) {
        let header = String(decoding: bytes[10..<NPYRows.headerBytes], as: UTF8.self)
        let shape = header.drop { $0 != "(" }.prefix { $0 != ")" }
        let values = bytes[NPYRows.headerBytes...]
        let rows = stride(from: values.startIndex, to: values.endIndex, by: 8).map { place in
            Float(bitPattern: (0..<4).reduce(0) { $0 | UInt32(values[place + $1]) << (8 * $1) })
        }
        return (rows, String(shape.dropFirst()))
    }

    @Test func `lost rows are not-a-number, and no row shifts`() throws {
        let directory = try TemporaryDirectory()
        let stream = makeStream()
        let folders = OutputFolders(directory: directory.path, logger: quiet)
        let npy = try NPYRows(try folders.files(of: stream), track: track)
        for (first, count) in [(Int64(0), 2), (4, 1), (4, 2), (3_000, 1)] { try npy.append(block(first, count: count)) }
        try npy.close(rows: 3_004)
        let (rows, shape) = matrix(try directory.bytes("CA1/MZ1/inbound.npy"))
        #expect(shape == "3004, 2")
        #expect(rows.count == 3_004)
        for (index, value) in rows.enumerated() {
            let isKnown = [0, 1, 4, 5, 3_000].contains(index)
            #expect(isKnown ? value == Float(index) : value.isNaN, "row \(index)")
        }
    }
}
