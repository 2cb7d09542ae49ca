import Foundation
import SidetoneCallControl
import SidetoneConfiguration
import SidetoneJSON
import Testing

@Suite struct FileCheckTests {
    private func check(_ text: String, _ file: String = "given.json") -> FileCheck {
        FileCheck.read(Array(text.utf8), file: file)
    }

    private func found(_ check: FileCheck) -> [String] {
        check.diagnostics.all.map { "\($0.path) \($0.code.rawValue)" }
    }

    static let kinds: [(String, FileCheck.Kind)] = [
        (#"{"actions": []}"#, .actions),
        (#"{"sections": {"main": []}}"#, .swml),
        ("sections:\n  main: []\n", .swml),
        ("version: 1.0.0\nsections: { main: [{ hangup: {} }] }\n", .swml),
        ("actions:\n  - hold: {}\n", .actions),
        ("sinks:\n  - csv: { directory: out }\n", .pipeline),
        (#"{"sinks": [{"csv": {"directory": "out"}}]}"#, .pipeline),
    ]

    @Test(arguments: kinds)
    func `the kind of a file follows from its content, not from its name`(_ text: String, kind: FileCheck.Kind) {
        for file in ["given", "given.json", "given.yaml"] {
            let check = check(text, file)
            #expect(check.kind == kind, "\(file)")
            #expect(check.isClean, "\(check.diagnostics)")
        }
    }

    @Test func `every problem of an action document is reported at once, with the allowed values`() {
        let check = check(
            #"{"actions": [{"start_stream": {"stream_url": "https://rx.example.org", "track": "speaker"}}]}"#)
        #expect(
            check.diagnostics.all.map(\.description) == [
                "given.json: actions[0].start_stream.stream_url has the scheme \"https\"; expected a wss:// URL: "
                    + "serve the stream over TLS and write wss://… [notAllowed]",
                "given.json: actions[0].start_stream.track is \"speaker\"; expected one of inbound, outbound, both: "
                    + "choose one of them [notAllowed]",
            ])
        #expect(check.isAnswer)
    }

    @Test func `SWML in YAML is held to the rules of SWML in JSON`() {
        let check = check(
            """
            sections:
              main:
                - stream:
                    url: https://rx.example.org
                    track: inbound
                    status_url_method: 7
            """, "given.yaml")
        #expect(
            found(check) == [
                "sections.main[0].stream.url notAllowed", "sections.main[0].stream.track notAllowed",
                "sections.main[0].stream.status_url_method wrongType",
            ])
        #expect(!check.isAnswer)
    }

    @Test(arguments: [
        ("[1]", "is a list"), ("{}", "has none of the parts"), ("just words\n", "is a text"), ("7\n", "is a number"),
    ])
    func `a file of neither kind is reported`(_ text: String, words: String) {
        let check = check(text, "given")
        #expect(check.kind == .unknown)
        #expect(check.diagnostics.all.count == 1)
        #expect(check.diagnostics.all.first?.wrong.hasPrefix(words) == true)
        #expect(check.diagnostics.all.first?.allowed?.contains("\"actions\"") == true)
    }

    @Test(arguments: [("{\"action\": []}", "actions"), ("section:\n  main: []\n", "sections"), ("snks: []\n", "sinks")])
    func `a slip in the name of the part is answered with the nearest one`(_ text: String, word: String) {
        #expect(check(text, "given").diagnostics.all.first?.remedy == "did you mean \"\(word)\"?")
    }

    @Test func `an empty file is a pipeline file without anything`() {
        #expect(check("", "given.yaml").diagnostics.all.first?.wrong.hasPrefix("is empty") == true)
    }

    @Test func `invalid JSON is reported with its position`() {
        let check = check("{\"actions\": [}", "given.json")
        #expect(found(check) == [" malformed"])
        #expect(check.diagnostics.all.first?.wrong.contains("line 1, column 14") == true)
    }

    @Test func `what is too large, too deep or repeats itself is refused before it is built`() {
        let limits = DocumentLimits.standard
        let large = check("{\"actions\": [" + String(repeating: " ", count: limits.bytes) + "]}")
        #expect(found(large) == [" tooLarge"])
        let largeYAML = check("sections:" + String(repeating: " ", count: limits.bytes), "given.yaml")
        #expect(found(largeYAML) == [" tooLarge"])
        let deep = String(repeating: "[", count: 900) + String(repeating: "]", count: 900)
        #expect(found(check("{\"actions\": \(deep)}")) == [" tooDeep"])
        #expect(found(check("sections: \(deep)\n", "given.yaml")) == [" tooDeep"])
        var bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1..<9 {
            let aliases = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
            bomb += "a\(level): &a\(level) [\(aliases)]\n"
        }
        #expect(found(check("sections: { main: [] }\n\(bomb)", "given.yaml")) == [" tooLarge"])
    }

    @Test func `a missing file is reported by name`() {
        let check = FileCheck.read("/nowhere/at-all.json")
        #expect(check.diagnostics.all.first?.description.hasPrefix("/nowhere/at-all.json:1: cannot be read") == true)
        #expect(!FileCheck.read("/tmp").isClean)
    }
}
