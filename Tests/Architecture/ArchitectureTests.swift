import Foundation
import Testing

@Suite struct ArchitectureTests {
    // MARK: This package

    @Test func `every import of the sources goes down the floors`() throws {
        let files = try SourceRules.filesOfPackage()
        let manifest = try String(contentsOf: SourceRules.package.appending(path: "Package.swift"), encoding: .utf8)
        let rules = SourceRules(files: files, declared: SourceRules.declarations(in: manifest))
        #expect(files.count > 50, "the sources were not found")
        #expect(rules.breaches() == [])
    }

    @Test func `the manifest is understood`() throws {
        let manifest = try String(contentsOf: SourceRules.package.appending(path: "Package.swift"), encoding: .utf8)
        let declared = SourceRules.declarations(in: manifest)
        #expect(declared["SidetoneModel"] == [])
        #expect(declared["SidetoneTracks"] == ["SidetoneModel", "SidetoneCodecs"])
        #expect(declared["SidetonePipeline"]?.contains("SidetoneAnalysis") == true)
    }

    // MARK: A package that breaks the rules

    private static let sound = [
        "Pure/Model/A.swift": "", "Pure/Tracks/A.swift": "public import SidetoneModel", "Pure/DSP/A.swift": "",
        "Runtime/Pipeline/A.swift": "import SidetoneTracks\nimport Foundation", "Edges/Files/A.swift": "",
        "Edges/Server/A.swift": "import SidetonePipeline\nimport NIOCore",
        "App/Assembly/A.swift": "import SidetoneServer",
        "Testing/Signals/A.swift": "import SidetonePipeline",
    ]

    private func breaches(_ path: String, text: String) -> [String] {
        var tree = Self.sound
        tree[path] = text
        let files = tree.sorted { $0.key < $1.key }.map { SourceRules.File(path: $0.key, text: $0.value) }
        return SourceRules(files: files).breaches()
    }

    @Test func `a sound tree has no breach`() { #expect(breaches("Pure/Model/B.swift", text: "") == []) }

    @Test(arguments: [
        (
            "Pure/Tracks/B.swift", "import SidetonePipeline",
            "Pure imports SidetonePipeline of Runtime, a floor above it"
        ),
        (
            "Runtime/Pipeline/B.swift", "@preconcurrency import SidetoneServer",
            "Runtime imports SidetoneServer of Edges, a floor above it"
        ),
        ("Edges/Files/B.swift", "internal import SidetoneServer", "edges never import one another: SidetoneServer"),
        ("Edges/Files/B.swift", "import SidetoneSignals", "SidetoneSignals is for tests"),
        (
            "Edges/Server/B.swift", "import struct SidetoneAssembly.Problem",
            "Edges imports SidetoneAssembly of App, a floor above it"
        ),
        ("Pure/Model/B.swift", "public import Foundation", "Pure imports Foundation only for JSON"),
        (
            "Pure/Tracks/B.swift", "#if os(Linux)\n    import FoundationEssentials\n#endif",
            "Pure imports FoundationEssentials only for JSON"
        ),
        ("Pure/Tracks/B.swift", "import NIOCore", "Pure imports no NIOCore"),
        ("Pure/Tracks/B.swift", "import SidetoneNowhere", "SidetoneNowhere is no module of Sources"),
        ("Pure/Tracks/B.swift", "import SidetoneTracks", "a module does not import itself"),
        ("Runtime/Pipeline/B.swift", "let p: UnsafeMutablePointer<Int>?", "names UnsafeMutablePointer"),
        ("Edges/Server/B.swift", "let p: [UnsafeRawBufferPointer]", "names UnsafeRawBufferPointer"),
        ("Edges/Files/B.swift", "final class B: @unchecked Sendable {}", "is @unchecked Sendable"),
    ])
    func `a breach is found and named`(path: String, text: String, breach: String) {
        #expect(breaches(path, text: text) == ["\(path): \(breach)"])
    }

    @Test(arguments: [
        ("Pure/Dialects/B.swift", "import Foundation"), ("Pure/CallControl/B.swift", "import FoundationEssentials"),
        ("Pure/DSP/B.swift", "final class B: @unchecked Sendable { var p: UnsafeMutablePointer<Float> }"),
        ("Edges/Files/B.swift", "let p: UnsafePointer<Float>"), ("App/Assembly/B.swift", "import SidetoneFiles"),
        ("Pure/Tracks/B.swift", "// import SidetoneServer is not what this line does"),
    ])
    func `what the rules allow is no breach`(path: String, text: String) { #expect(breaches(path, text: text) == []) }

    @Test func `an import that the manifest does not declare is a breach`() {
        let files = [("Pure/Model/A.swift", ""), ("Pure/Tracks/A.swift", "import SidetoneModel")]
            .map { SourceRules.File(path: $0.0, text: $0.1) }
        let declared = SourceRules.declarations(in: #"let a = [module("Pure", "Model"), module("Pure", "Tracks")]"#)
        #expect(
            SourceRules(files: files, declared: declared).breaches() == [
                "Pure/Tracks/A.swift: SidetoneModel is not declared for SidetoneTracks in Package.swift"
            ])
    }
}
