import Foundation
import Testing

@Suite struct LayerRulesTests {
    @Test func `every import goes down the layers and is declared, and every declaration is used`() throws {
        let files = try SourceFile.all(below: "Sources") + SourceFile.all(below: "Tests")
        #expect(files.count > 500, "the sources were not found")
        let breaches = LayerRules(manifest: try .ofPackage(), files: files).breaches()
        #expect(breaches == [])
    }

    @Test func `the manifest is read as SwiftPM prints it`() throws {
        let json = """
            {"targets": [{"name": "SidetoneTracks", "path": "Sources/Pure/Tracks", "type": "regular", "dependencies": [
                {"target": ["SidetoneModel", null]}, {"product": ["Logging", "swift-log", null, null]}
            ]}]}
            """
        #expect(
            try Manifest(json: Data(json.utf8)).targets == [
                Manifest.Target(
                    name: "SidetoneTracks", path: "Sources/Pure/Tracks", type: "regular",
                    dependencies: ["SidetoneModel", "Logging"])
            ])
    }

    // MARK: A package that breaks the rules

    private static func target(_ path: String, type: String = "regular", imports: [String] = []) -> Manifest.Target {
        let folder = path.split(separator: "/").last ?? ""
        return Manifest.Target(
            name: "Sidetone\(folder)\(type == "test" ? "Tests" : "")", path: path, type: type, dependencies: imports)
    }

    private static let sound = Manifest(targets: [
        target("Sources/Pure/Model"), target("Sources/Pure/DSP"),
        target("Sources/Pure/Tracks", imports: ["SidetoneModel"]),
        target("Sources/Runtime/Pipeline", imports: ["SidetoneTracks"]),
        target("Sources/Edges/Files"),
        target("Sources/Edges/Server", imports: ["SidetonePipeline", "NIOCore"]),
        target("Sources/App/Service", imports: ["SidetoneServer"]),
        target("Sources/Testing/Signals", imports: ["SidetonePipeline"]),
        target("Tests/Pure/Model", type: "test", imports: ["SidetoneModel", "SidetoneSignals"]),
    ])

    /// Imports whatever is declared, so that nothing is unused.
    private static func breaches(_ path: String, text: String, manifest: Manifest = sound) -> [String] {
        let files = manifest.targets.map { target in
            SourceFile(
                path: "\(target.path)/A.swift", text: target.dependencies.map { "import \($0)" }.joined(separator: "\n")
            )
        }
        return LayerRules(manifest: manifest, files: files + [SourceFile(path: path, text: text)]).breaches()
    }

    /// The manifest in which a module declares one import more.
    private static func declaring(_ module: String, in path: String) -> Manifest {
        var manifest = sound
        for index in manifest.targets.indices where path.hasPrefix("\(manifest.targets[index].path)/") {
            manifest.targets[index].dependencies.append(module)
        }
        return manifest
    }

    @Test func `a sound package has no breach`() {
        #expect(Self.breaches("Sources/Pure/Model/B.swift", text: "") == [])
    }

    @Test(arguments: [
        (
            "Sources/Pure/Tracks/A.swift", "SidetonePipeline",
            "Pure imports SidetonePipeline of Runtime, a higher layer"
        ),
        (
            "Sources/Runtime/Pipeline/A.swift", "SidetoneServer",
            "Runtime imports SidetoneServer of Edges, a higher layer"
        ),
        ("Sources/Edges/Files/A.swift", "SidetoneServer", "edges never import one another: SidetoneServer"),
        ("Sources/Edges/Files/A.swift", "SidetoneSignals", "SidetoneSignals is for tests"),
        ("Sources/Edges/Server/A.swift", "SidetoneService", "Edges imports SidetoneService of App, a higher layer"),
    ])
    func `a declared import that breaks a layer is named`(path: String, module: String, breach: String) {
        let manifest = Self.declaring(module, in: path)
        #expect(Self.breaches("Sources/Pure/DSP/B.swift", text: "", manifest: manifest) == ["\(path): \(breach)"])
    }

    @Test(arguments: [
        ("Sources/Pure/Model/B.swift", "public import Foundation", "Pure imports Foundation only for JSON"),
        (
            "Sources/Pure/Tracks/B.swift", "#if os(Linux)\n    import FoundationEssentials\n#endif",
            "Pure imports FoundationEssentials only for JSON"
        ),
        ("Sources/Pure/Tracks/B.swift", "import NIOCore", "Pure does not import NIOCore"),
        (
            "Sources/Pure/Tracks/B.swift", "@preconcurrency import struct SidetoneDSP.Window",
            "SidetoneDSP is not declared for SidetoneTracks in Package.swift"
        ),
        (
            "Tests/Pure/Model/B.swift", "@testable import SidetoneTracks",
            "SidetoneTracks is not declared for SidetoneModelTests in Package.swift"
        ),
        ("Sources/Pure/Tracks/B.swift", "import SidetoneTracks", "a module does not import itself"),
        ("Sources/Runtime/Pipeline/B.swift", "let p: UnsafeMutablePointer<Int>?", "names UnsafeMutablePointer"),
        ("Sources/Edges/Server/B.swift", "let p: [UnsafeRawBufferPointer]", "names UnsafeRawBufferPointer"),
        ("Sources/Edges/Files/B.swift", "final class B: @unchecked Sendable {}", "is @unchecked Sendable"),
        ("Sources/Edges/Nowhere/B.swift", "", "belongs to no target of Package.swift"),
    ])
    func `a breach of a file is named`(path: String, text: String, breach: String) {
        #expect(Self.breaches(path, text: text) == ["\(path): \(breach)"])
    }

    @Test(arguments: [
        ("Sources/Pure/DSP/B.swift", "final class B: @unchecked Sendable { var p: UnsafeMutablePointer<Float> }"),
        ("Sources/Edges/Files/B.swift", "let p: UnsafePointer<Float>"),
        ("Sources/Pure/Tracks/B.swift", "// import SidetoneServer is not what this line does"),
        ("Tests/Pure/Model/B.swift", "import Foundation\nimport Testing\nlet p: UnsafePointer<Float>"),
    ])
    func `what the rules allow is no breach`(path: String, text: String) {
        #expect(Self.breaches(path, text: text) == [])
    }

    @Test func `a declaration that nothing imports is named`() {
        let files = [SourceFile(path: "Sources/Pure/Tracks/A.swift", text: "")]
        let manifest = Manifest(targets: [Self.target("Sources/Pure/Tracks", imports: ["SidetoneModel"])])
        #expect(
            LayerRules(manifest: manifest, files: files).breaches() == [
                "Package.swift: SidetoneTracks declares SidetoneModel and does not import it"
            ])
    }
}
