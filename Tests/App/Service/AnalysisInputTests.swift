import Foundation
import SidetoneFiles
import Testing

@testable import SidetoneService

@Suite struct AnalysisInputTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "sidetone-inputs-\(UUID().uuidString)")

    private func make(_ files: [String: String]) throws {
        for (name, text) in files {
            let url = folder.appending(path: name)
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: url)
        }
    }

    private func remove() { try? FileManager.default.removeItem(at: folder) }

    static let collisions: [(names: [String], right: [String])] = [
        (["call", "call", "call-2"], ["call", "call-3", "call-2"]), (["a", "a", "a"], ["a", "a-2", "a-3"]),
        (["a-2", "a", "a", "a-2"], ["a-2", "a", "a-3", "a-2-2"]), (["a", "b"], ["a", "b"]),
        (["a", "a", "a-2", "a-2"], ["a", "a-3", "a-2", "a-2-2"]), ([], []),
    ]

    @Test(arguments: collisions)
    func `names are unique, and a name that only one input has stays`(names: [String], right: [String]) {
        let unique = AnalysisInput.uniqueNames(names)
        #expect(unique == right)
        #expect(Set(unique).count == names.count)
    }

    @Test func `names are unique among random ones that are made to collide`() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<500 {
            let names = (0..<12).map { _ in
                ["a", "a-2", "a-3", "a-2-2", "b"].randomElement(using: &generator) ?? "a"
            }
            let unique = AnalysisInput.uniqueNames(names)
            #expect(Set(unique).count == names.count, "\(names)")
            for name in Set(names) { #expect(unique.contains(name)) }
        }
    }

    @Test func `the segments of a capture have names that no other input of the run has`() throws {
        defer { remove() }
        try make(["call.jsonl": Self.header, "call-2.wav": "RIFF", "call-04.wav": "RIFF", "other.jsonl": Self.header])
        let inputs = try AnalysisInput.find([folder.path], raw: nil).inputs
        let call = try #require(inputs.first { $0.name == "call" })
        #expect((1...4).map { call.name(ofSegment: $0) } == ["call", "call-3", "call-4", "call-5"])
        let other = try #require(inputs.first { $0.name == "other" })
        #expect((1...2).map { other.name(ofSegment: $0) } == ["other", "other-2"])
        let names = inputs.flatMap { input in (1...9).map { input.name(ofSegment: $0) } }
        #expect(Set(names).count == names.count)
    }

    @Test func `folders of the same names inside do not collide`() throws {
        defer { remove() }
        try make(["a/b-c.wav": "", "a-b/c.wav": "", "one/call.wav": "", "two/call.wav": "", "call.wav": ""])
        let paths = [folder.path, "\(folder.path)/one", "\(folder.path)/two", "\(folder.path)/call.wav"]
        let names = try AnalysisInput.find(paths, raw: nil).inputs.map(\.name)
        #expect(names.count == 8 && Set(names).count == 8)
    }

    private static let header = #"{"sidetone_capture":1,"dialect":"d","call":"c","stream":"s","started_at":""}"#
    private static let files: [(name: String, text: String, kind: AnalysisInput.Kind?)] = [
        ("x.wav", "RIFF", .audio), ("x.FLAC", "fLaC", .audio),
        ("x.ulaw", "abc", .raw(RawLayout(.pcmu, sampleRate: 8_000))),
        ("x.ul", "", .raw(RawLayout(.pcmu, sampleRate: 8_000))),
        ("x.al", "a", .raw(RawLayout(.pcma, sampleRate: 8_000))),
        ("x.alaw", "a", .raw(RawLayout(.pcma, sampleRate: 8_000))),
        ("x.sln", "a", .raw(RawLayout(.l16, sampleRate: 8_000))),
        ("x.sln16", "a", .raw(RawLayout(.l16, sampleRate: 16_000))),
        ("x.gsm", "a", .raw(RawLayout(.gsm, sampleRate: 8_000))),
        // The header counts more than the name.
        ("headed.ulaw", "RIFF....WAVE", .audio), ("capture.jsonl", header, .capture), ("x.json", header, .capture),
        ("bom.ndjson", "\u{FEFF}\n \(header)", .capture), ("signals.jsonl", #"{"specversion":"1.0"}"#, nil),
        ("notes.txt", "abc", nil), ("x.raw", "abc", nil), ("inbound.csv.partial", "", nil),
    ]

    @Test func `each file of a folder is known by its name and its start, or is reported as skipped`() throws {
        defer { remove() }
        try make(Dictionary(uniqueKeysWithValues: Self.files.map { ($0.name, $0.text) }))
        try make([".hidden.wav": "RIFF", ".git/x.wav": "RIFF"])
        let found = try AnalysisInput.find([folder.path], raw: nil)
        for (name, _, kind) in Self.files {
            let input = found.inputs.first { $0.path == "\(folder.path)/\(name)" }
            #expect(input?.kind == kind, "\(name)")
            #expect(found.skipped.contains("\(folder.path)/\(name)") == (kind == nil), "\(name)")
        }
        #expect(found.inputs.count + found.skipped.count == Self.files.count)
    }

    @Test(arguments: [
        ("x.raw", "abc", false, "--codec"), ("x.g722", "abc", false, "ffmpeg"), ("x.amr", "#!AMR", false, "ffmpeg"),
        ("x.wav", "RIFF....WAVE", true, "omit --codec"), ("x.raw", "fLaC", true, "omit --codec"),
        ("capture.jsonl", "{}", true, "omit --codec"),
    ])
    func `a file that cannot be what was asked is refused with the way out`(
        name: String, text: String, hasCodec: Bool, words: String
    ) throws {
        defer { remove() }
        try make([name: text])
        let raw = hasCodec ? RawLayout(.pcmu, sampleRate: 8_000) : nil
        let input = try #require(try AnalysisInput.find(["\(folder.path)/\(name)"], raw: raw).inputs.first)
        guard case .refused(let why) = input.kind else {
            Issue.record("\(input.kind)")
            return
        }
        #expect(why.contains(words))
    }

    @Test func `with a codec, what has no header is raw, and the rest of a folder is skipped`() throws {
        defer { remove() }
        try make(["a.raw": "abc", "b.wav": "RIFF....WAVE", "c.ulaw": "abc", "d.txt": ""])
        let layout = RawLayout(.pcma, sampleRate: 16_000)
        let found = try AnalysisInput.find([folder.path], raw: layout)
        #expect(found.inputs.map(\.kind) == [.raw(layout), .raw(layout)])
        #expect(found.skipped.map { String($0.suffix(5)) } == ["b.wav", "d.txt"])
    }
}
