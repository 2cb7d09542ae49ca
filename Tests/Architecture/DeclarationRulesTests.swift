import Foundation
import Testing

@Suite struct DeclarationRulesTests {
    /// At most this share of functions may have two or more unlabelled parameters.
    static let maxUnlabelledShare = 0.02

    @Test func `at most 2 percent of functions have two or more unlabelled parameters`() throws {
        let functions = try SourceFile.all(below: "Sources").flatMap(DeclarationRules.functions)
        #expect(functions.count > 2_000, "the functions were not found")
        let offenders = DeclarationRules.unlabelled(functions)
        let share = Double(offenders.count) / Double(functions.count)
        #expect(
            share <= Self.maxUnlabelledShare,
            "\(offenders.count) of \(functions.count):\n\(offenders.joined(separator: "\n"))")
    }

    @Test func `only libraries are public`() throws {
        #expect(try SourceFile.all(below: "Sources").flatMap(DeclarationRules.publicNames) == [])
    }

    @Test func `names that were replaced are not used again`() throws {
        let files = try (SourceFile.all(below: "Sources") + SourceFile.all(below: "Tests"))
            .filter { !$0.path.hasPrefix("Tests/Architecture/") }
        #expect(files.flatMap { DeclarationRules.names(in: $0, among: BannedWords.names) } == [])
    }

    @Test func `texts for users use the standard terms`() throws {
        #expect(try SourceFile.all(below: "Sources").flatMap(BannedWords.phrases) == [])
    }

    // MARK: The rules themselves

    private static func file(_ text: String) -> SourceFile {
        SourceFile(path: "Sources/Runtime/Pipeline/A.swift", text: text)
    }

    @Test(arguments: [
        ("func f(_ a: Int, _ b: Int) {}", 2), ("func f(_ a: Int, b: Int) {}", 1), ("func f() {}", 0),
        ("func f<T>(\n    _ a: [T: (Int, Int)], _ b: (_ c: Int, _ d: Int) -> Void\n) {}", 2),
        ("init?(_ a: Int = max(1, 2), _ b: Int) {}", 2), ("func f(_ a: (Int) -> Result<Int, E>, b: Int) {}", 1),
    ])
    func `unlabelled parameters are counted`(text: String, count: Int) {
        #expect(DeclarationRules.functions(in: Self.file(text)).map(\.unlabelled) == [count])
    }

    @Test(arguments: ["self.init(a, b)", ".init(1)", "// func f(_ a: Int, _ b: Int)", "static func + (_ a: A, _ b: A)"])
    func `calls, comments and operators do not count`(text: String) {
        #expect(DeclarationRules.functions(in: Self.file(text)) == [])
    }

    @Test func `a public declaration outside the libraries is named`() {
        #expect(
            DeclarationRules.publicNames(in: Self.file("package struct A {\n    public var b = 1\n}\npublic import C"))
                == [
                    "Sources/Runtime/Pipeline/A.swift: public var b = 1",
                    "Sources/Runtime/Pipeline/A.swift: public import C",
                ])
        #expect(
            DeclarationRules.publicNames(in: SourceFile(path: "Sources/Pure/Model/A.swift", text: "public var a")) == []
        )
    }

    @Test func `a banned name is found where it is declared`() {
        let text = "struct Mailbox {}\nlet mailbox = 1 // a Mailbox\nenum A { case tell }"
        #expect(
            DeclarationRules.names(in: Self.file(text), among: ["Mailbox", "tell"]) == [
                "Sources/Runtime/Pipeline/A.swift: struct Mailbox", "Sources/Runtime/Pipeline/A.swift: case tell",
            ])
    }

    @Test func `a banned phrase is found in texts and not in comments`() {
        #expect(
            BannedWords.phrases(in: Self.file("let a = \"it goes on by itself\"\n// by itself")) == [
                "Sources/Runtime/Pipeline/A.swift: \"by itself\" in \"it goes on by itself\""
            ])
    }
}
