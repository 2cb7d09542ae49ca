import Testing

/// What Sidetone knows of a platform is in the platform's folder: everything else asks `PlatformCatalog`.
@Suite struct PlatformRulesTests {
    /// Comparisons and types that only the folders of platforms may contain.
    private static let forbidden = [
        "platform ==", "platform !=", "Twilio.self", "SignalWire.self", "MiniVoice.self", "Vonage.self", "case .twilio",
        "case .signalWire", "case .signalwire", "case .miniVoice", "case .minivoice", "case .vonage",
        "\"minivoice\"", "\"signalwire\"", "\"twilio\"", "\"vonage\"",
    ]

    private static func violations(in file: SourceFile) -> [String] {
        file.code.split(separator: "\n").map(String.init).filter { line in
            let line = line.replacing("platform == nil", with: "").replacing("platform != nil", with: "")
            return forbidden.contains { line.contains($0) }
        }
    }

    private static func violations(in text: String) -> [String] {
        violations(in: SourceFile(path: "Sources/App/A.swift", text: text))
    }

    @Test func `only the folders of platforms name a platform`() throws {
        let files = try SourceFile.all(below: "Sources").filter { !$0.path.hasPrefix("Sources/Pure/Platforms/") }
        #expect(files.count > 300, "the sources were not found")
        for file in files { #expect(Self.violations(in: file) == [], "\(file.path)") }
    }

    @Test func `a platform by name is a violation`() {
        #expect(Self.violations(in: "if platform == SignalWire.self {\n    // platform == nothing\n").count == 1)
        #expect(Self.violations(in: "switch platform {\ncase .twilio: 1\n").count == 1)
        #expect(Self.violations(in: "values.append(.text(\"minivoice\"))\n").count == 1)
        #expect(Self.violations(in: "let names = PlatformCatalog.names\nif platform == nil {\n").isEmpty)
    }
}
