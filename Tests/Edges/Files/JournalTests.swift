import Foundation
import SidetoneCodecs
import SidetoneModel
import SidetonePipeline
import Testing

@testable import SidetoneFiles

@Suite struct JournalTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    /// The state left by a killed process: its files, and an unlocked journal.
    private func crash(_ lines: String, files: [String: [UInt8]]) throws {
        for folder in ["", "/.sidetone", "/CA1", "/CA1/MZ1"] {
            try? FileManager.default.createDirectory(
                atPath: directory.path + folder, withIntermediateDirectories: true)
        }
        for (name, bytes) in files { try directory.write(bytes, to: "CA1/MZ1/\(name)") }
        try directory.write(Array(lines.utf8), to: ".sidetone/journal-1-x")
    }

    @Test func `a WAV file cut at every length of its last block opens with all complete frames`() throws {
        let right = (0..<1_000).map { sample(.inbound, place: $0) }
        // The header still states the first 900.
        let header = WAVHeader.make(sampleRate: 8_000, channels: 1, dataBytes: 1_800)
        let bytes = header + right.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
        for end in 1_844...bytes.count {
            try crash("open CA1/MZ1/inbound.wav wav\n", files: ["inbound.wav": Array(bytes[..<end])])
            let before = try samples("\(directory.path)/CA1/MZ1/inbound.wav")[0]
            #expect(Array(before.prefix(900)) == Array(right[..<900]), "readable without repair, too")
            let repairs = Journal.repair(directory.path)
            #expect(repairs == [.init(path: "CA1/MZ1/inbound.wav", cutBytes: Int64(end % 2))])
            #expect(try samples("\(directory.path)/CA1/MZ1/inbound.wav") == [Array(right[..<((end - 44) / 2)])])
            #expect(try directory.names(".sidetone") == [])
        }
    }

    @Test func `a file is cut after its last complete line`() throws {
        let text = Array("start,end\n0.000,0.025\n0.010,0.0".utf8)
        try crash(
            "open CA1/MZ1/inbound.csv lines\nopen CA1/MZ1/signals.jsonl lines\nopen CA1/MZ1/summary.json.new temporary\n",
            files: ["inbound.csv": text, "signals.jsonl": Array("{".utf8), "summary.json.new": [1], "other.csv": text])
        let repairs = Journal.repair(directory.path)
        #expect(repairs.map(\.cutBytes) == [9, 1, 0])
        #expect(try directory.text("CA1/MZ1/inbound.csv") == "start,end\n0.000,0.025\n")
        #expect(try directory.text("CA1/MZ1/signals.jsonl") == "")
        #expect(!directory.has("CA1/MZ1/summary.json.new"))
        #expect(try directory.bytes("CA1/MZ1/other.csv") == text, "what was not open stays as it is")
    }

    @Test func `closed files are not changed, and an incomplete journal line is ignored`() throws {
        let text = Array("a\nb".utf8)
        try crash(
            "open CA1/MZ1/a.csv lines\nclosed CA1/MZ1/a.csv\nopen CA1/MZ1/b.csv lin",
            files: ["a.csv": text, "b.csv": text])
        #expect(Journal.repair(directory.path) == [])
        #expect(try directory.bytes("CA1/MZ1/a.csv") == text)
        #expect(try directory.bytes("CA1/MZ1/b.csv") == text)
    }

    @Test func `the journal of a running process is not touched`() throws {
        let stream = makeStream()
        let csv = try makeFormat(RowsFormat<CSVRows>.self, stream: stream, in: directory)
        try csv.append(.track(makeTrack(.inbound)))
        let journals = try directory.names(".sidetone")
        #expect(journals.count == 1)
        #expect(Journal.repair(directory.path) == [])
        #expect(try directory.names(".sidetone") == journals)
        try csv.finish(nil)
    }

    @Test func `files that are missing, not regular or outside are reported and not touched`() throws {
        try directory.write(Array("a\nb".utf8), to: "outside.csv")
        try crash(
            """
            open ../outside.csv lines
            open /etc/passwd lines
            open CA1/../../x lines
            open CA1/MZ1 lines
            open CA1/MZ1/gone.csv lines
            open CA1/MZ1/link.csv lines
            open CA1/MZ1/noise.wav wav

            """, files: ["noise.wav": [UInt8](repeating: 7, count: 99)])
        symlink("\(directory.path)/outside.csv", "\(directory.path)/CA1/MZ1/link.csv")
        let repairs = Journal.repair(directory.path)
        #expect(repairs.count == 7)
        #expect(repairs.allSatisfy { $0.problem != nil })
        #expect(try directory.text("outside.csv") == "a\nb")
        #expect(try directory.bytes("CA1/MZ1/noise.wav").count == 99)
    }

    @Test func `a missing directory needs no repair`() {
        #expect(Journal.repair("\(directory.path)/none") == [])
    }

    @Test func `a journal stays short over many files`() throws {
        let folder = try Folder.at(directory.path, makes: true)
        let journal = try Journal(in: folder)
        try journal.open("CA1/MZ1/long.csv", kind: .lines)
        for n in 0..<6_000 {
            try journal.open("CA1/MZ1/\(n)-\(String(repeating: "x", count: 100)).csv", kind: .lines)
            journal.closed("CA1/MZ1/\(n)-\(String(repeating: "x", count: 100)).csv")
        }
        let name = try #require(try directory.names(".sidetone").first)
        #expect(try directory.bytes(".sidetone/\(name)").count < 1 << 19)
        #expect(try directory.text(".sidetone/\(name)").contains("open CA1/MZ1/long.csv lines\n"))
        #expect(Journal.repair(directory.path) == [], "still locked")
    }
}
