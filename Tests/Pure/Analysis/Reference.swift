import Foundation
import Testing

/// The tables of `References`, found beside this file.
enum Reference {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "References")

    /// One grid that has tables.
    struct Case: Sendable, CustomTestStringConvertible {
        var rate: Int
        var windowMs: Double
        var hopMs: Double
        var bands: Int
        var cepstra: Int

        var testDescription: String { "\(rate) Hz, \(windowMs)/\(hopMs) ms" }
        var suffix: String { "\(rate)_\(Self.text(windowMs))_\(Self.text(hopMs)).csv" }

        private static func text(_ ms: Double) -> String { ms == ms.rounded() ? "\(Int(ms))" : "\(ms)" }
    }

    static let cases = [
        Case(rate: 8_000, windowMs: 25, hopMs: 10, bands: 40, cepstra: 13),
        Case(rate: 8_000, windowMs: 32, hopMs: 12.5, bands: 20, cepstra: 20),
        Case(rate: 16_000, windowMs: 25, hopMs: 10, bands: 40, cepstra: 13),
        Case(rate: 24_000, windowMs: 25, hopMs: 10, bands: 40, cepstra: 13),
        Case(rate: 48_000, windowMs: 20, hopMs: 5, bands: 64, cepstra: 24),
    ]

    /// The input of a rate, −1…1.
    static func input(_ rate: Int) throws -> [Float] {
        let bytes = [UInt8](try Data(contentsOf: folder.appending(path: "input_\(rate).s16")))
        return stride(from: 0, to: bytes.count - 1, by: 2).map {
            Float(Int16(bitPattern: UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8)) / 32_768
        }
    }

    /// Rows of a table: the row's number and its values.
    static func table(_ set: String, grid: Case) throws -> [(row: Int, values: [Float])] {
        let text = try String(contentsOf: folder.appending(path: "\(set)_\(grid.suffix)"), encoding: .utf8)
        return text.split(separator: "\n").map { line in
            let cells = line.split(separator: ",")
            return (Int(cells[0]) ?? -1, cells.dropFirst().map { Float($0) ?? .nan })
        }
    }
}
