import SidetoneModel
import SidetonePipeline
import Testing

@testable import SidetoneFiles

@Suite struct CSVFormatTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func rows(_ first: Int64, values: [Float], track: TrackInfo) -> StreamOutput {
        .rows(RowBlock(track: track.role, grid: track.grid, columns: track.columns, firstRow: first, values: values))
    }

    @Test func `rows have times, fixed digits and empty cells`() throws {
        let csv = try makeFormat(RowsFormat<CSVRows>.self, stream: makeStream(), in: directory)
        let track = makeTrack(.inbound)
        try csv.append(.track(track))
        try csv.append(rows(0, values: [-96, .nan, -3.014, 0.12345], track: track))
        try csv.append(rows(100, values: [-0.001, 1], track: track))
        try csv.finish(nil)
        let right = """
            start,end,level_dbfs,flatness
            0.000,0.025,-96.00,
            0.010,0.035,-3.01,0.1235
            1.000,1.025,0.00,1.0000

            """
        #expect(try directory.text("CA1/MZ1/inbound.csv") == right)
    }

    @Test func `a grid off whole milliseconds has six decimals`() throws {
        let csv = try makeFormat(RowsFormat<CSVRows>.self, stream: makeStream(), in: directory)
        let track = TrackInfo(
            role: .outbound, grid: FrameGrid(sampleRate: 11_025), columns: [level])
        try csv.append(.track(track))
        try csv.append(rows(1, values: [-1], track: track))
        try csv.finish(nil)
        // 110 and 386 samples at 11,025 Hz are 0.0099773… and 0.0350113… s.
        #expect(try directory.text("CA1/MZ1/outbound.csv") == "start,end,level_dbfs\n0.009977,0.035011,-1.00\n")
    }

    @Test func `the file always ends with a complete line`() throws {
        let csv = try makeFormat(RowsFormat<CSVRows>.self, stream: makeStream(), in: directory)
        let track = makeTrack(.inbound)
        try csv.append(.track(track))
        var last = 0
        for first in stride(from: Int64(0), to: 1_000, by: 20) {
            try csv.append(rows(first, values: [Float](repeating: -1.5, count: 40), track: track))
            let bytes = try directory.bytes("CA1/MZ1/inbound.csv")
            #expect(bytes.last == UInt8(ascii: "\n"))
            let lines = bytes.count { $0 == UInt8(ascii: "\n") } - 1
            #expect(Int(first) + 20 - lines < 100, "less than a second waits")
            last = lines
        }
        #expect(last > 900)
        try csv.finish(nil)
        #expect(try directory.bytes("CA1/MZ1/inbound.csv").count { $0 == UInt8(ascii: "\n") } == 1_001)
    }

    @Test func `the file does not depend on the sizes of blocks`() throws {
        let track = makeTrack(.inbound)
        let values = (0..<400).map { Float($0) / 7 - 30 }
        var texts: [String] = []
        for (n, size) in [1, 3, 20, 200].enumerated() {
            let csv = try makeFormat(RowsFormat<CSVRows>.self, stream: makeStream("MZ\(n)"), in: directory)
            try csv.append(.track(track))
            for first in stride(from: 0, to: 200, by: size) {
                let end = min(200, first + size)
                try csv.append(rows(Int64(first), values: Array(values[first * 2..<end * 2]), track: track))
            }
            try csv.finish(nil)
            texts.append(try directory.text("CA1/MZ\(n)/inbound.csv"))
        }
        #expect(Set(texts).count == 1)
    }
}
