import Foundation
import SidetoneCodecs
import Testing

/// Both laws of G.711 against tables made by other programs: References/README.md.
@Suite struct G711Tests {
    struct Line {
        var code: UInt8
        var decoded: Int16
        var samples: ClosedRange<Int>
    }

    static func table(_ name: String) throws -> [Line] {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "References/\(name).csv")
        let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").dropFirst()
        return try lines.map { line in
            let cells = try line.split(separator: ",").map { try #require(Int($0)) }
            return Line(
                code: try #require(UInt8(exactly: cells[0])), decoded: try #require(Int16(exactly: cells[1])),
                samples: cells[2]...cells[3])
        }
    }

    @Test(arguments: [(PCMU.self, "pcmu"), (PCMA.self, "pcma")] as [(any AudioCodec.Type, String)])
    func `every code decodes as in the table`(_ type: any AudioCodec.Type, name: String) throws {
        var codec = try type.init(sampleRate: 8_000)
        let lines = try Self.table(name)
        #expect(lines.count == 256)
        var decoded: [Int16] = []
        #expect(codec.decode(lines.map(\.code), into: &decoded) == 0)
        #expect(decoded == lines.map(\.decoded))
    }

    @Test(arguments: [(PCMU.self, "pcmu"), (PCMA.self, "pcma")] as [(any AudioCodec.Type, String)])
    func `every sample encodes as in the table`(_ type: any AudioCodec.Type, name: String) throws {
        var codec = try type.init(sampleRate: 8_000)
        var expected = [UInt8?](repeating: nil, count: 65_536)
        for line in try Self.table(name) {
            for sample in line.samples { expected[sample + 32_768] = line.code }
        }
        var payload: [UInt8] = []
        codec.encode((Int16.min...Int16.max).map { $0 }[...], into: &payload)
        #expect(payload.map { $0 } == expected.compactMap { $0 })
    }

    @Test func `silence is as the platforms send it`() {
        var decoded: [Int16] = []
        _ = PCMU(sampleRate: 8_000).decode([0xFF, 0x7F], into: &decoded)
        _ = PCMA(sampleRate: 8_000).decode([0xD5, 0x55], into: &decoded)
        // G.711 table 1: A-law has no zero; its smallest values are half a step of 16.
        #expect(decoded == [0, 0, 8, -8])
    }
}
