import Foundation

/// What the modules of the layers may import, and whether Package.swift declares exactly what they do.
struct LayerRules {
    /// From the lowest to the highest.
    static let layers = ["Pure", "Runtime", "Edges", "App"]
    /// Modules of Pure that write and read JSON.
    static let foundationInPure: Set<String> = ["SidetonePlatforms", "SidetoneCallControl"]
    /// Modules that may name unsafe types, under a proof.
    static let unsafeModules: Set<String> = ["SidetoneDSP", "SidetoneCodecs", "SidetoneFiles"]
    /// What comes with Swift, and is not declared.
    static let toolchain: Set<String> = [
        "Dispatch", "Foundation", "FoundationEssentials", "Glibc", "Musl", "Synchronization", "Testing",
    ]

    let manifest: Manifest
    let files: [SourceFile]
    private let targetNamed: [String: Manifest.Target]

    init(manifest: Manifest, files: [SourceFile]) {
        self.manifest = manifest
        self.files = files
        targetNamed = Dictionary(manifest.targets.map { ($0.name, $0) }) { first, _ in first }
    }

    /// Every breach, as `path: what is wrong`; first those of files, in their order.
    func breaches() -> [String] {
        var ofFiles: [String] = []
        var imported: [String: Set<String>] = [:]
        for file in files {
            guard let target = target(of: file) else {
                ofFiles.append("\(file.path): belongs to no target of Package.swift")
                continue
            }
            let imports = Set(file.imports)
            imported[target.name, default: []].formUnion(imports)
            let found =
                imports.sorted().compactMap { breach(of: target, importing: $0) } + unsafeNames(file, of: target)
            ofFiles += found.map { "\(file.path): \($0)" }
        }
        return ofFiles + manifest.targets.flatMap { breaches(of: $0, imported: imported[$0.name] ?? []) }
    }

    private func target(of file: SourceFile) -> Manifest.Target? {
        manifest.targets.first { file.path.hasPrefix("\($0.path)/") }
    }

    private func layer(of target: Manifest.Target) -> String {
        let parts = target.path.split(separator: "/")
        return parts.count > 1 ? String(parts[1]) : ""
    }

    private func breach(of target: Manifest.Target, importing module: String) -> String? {
        let layer = layer(of: target)
        let isTest = target.type == "test"
        if ["Foundation", "FoundationEssentials"].contains(module), layer == "Pure", !isTest {
            return Self.foundationInPure.contains(target.name) ? nil : "Pure imports \(module) only for JSON"
        }
        if module.hasPrefix("NIO"), layer == "Pure" { return "Pure does not import \(module)" }
        if module == target.name { return "a module does not import itself" }
        guard !Self.toolchain.contains(module) else { return nil }
        guard target.dependencies.contains(module) else {
            return "\(module) is not declared for \(target.name) in Package.swift"
        }
        guard let other = targetNamed[module], !isTest, other.type != "system" else { return nil }
        return breach(from: layer, to: other)
    }

    private func breach(from layer: String, to target: Manifest.Target) -> String? {
        let other = self.layer(of: target)
        if other == "System" || layer == "Testing" { return nil }
        if other == "Testing" { return "\(target.name) is for tests" }
        guard let own = Self.layers.firstIndex(of: layer), let imported = Self.layers.firstIndex(of: other) else {
            return "\(layer) or \(other) is not a layer"
        }
        if imported > own { return "\(layer) imports \(target.name) of \(other), a higher layer" }
        if other == "Edges", own == imported { return "edges never import one another: \(target.name)" }
        return nil
    }

    /// Of the row in Package.swift, as a whole.
    private func breaches(of target: Manifest.Target, imported: Set<String>) -> [String] {
        var found: [String] = []
        let folder = target.path.split(separator: "/").last.map(String.init) ?? ""
        let isNamedForFolder = target.name.hasSuffix(target.type == "test" ? "\(folder)Tests" : folder)
        if !isNamedForFolder, target.type != "executable" {
            found.append("Package.swift: \(target.name) is not named for its folder \(target.path)")
        }
        guard target.type != "system", layer(of: target) != "System" else { return found }
        let unused = target.dependencies.filter { name in
            // A test may need a program that it starts.
            !imported.contains(name) && targetNamed[name]?.type != "executable"
        }
        return found + unused.map { "Package.swift: \(target.name) declares \($0) and does not import it" }
    }

    private func unsafeNames(_ file: SourceFile, of target: Manifest.Target) -> [String] {
        guard target.type != "test", !(layer(of: target) == "Pure" && Self.unsafeModules.contains(target.name)) else {
            return []
        }
        let words = Set(file.text.split { !($0.isLetter || $0.isNumber || $0 == "_" || $0 == "@") }.map(String.init))
        let names = words.sorted().filter { $0.hasPrefix("Unsafe") && $0.contains("Pointer") }
        return (Self.unsafeModules.contains(target.name) ? [] : names.map { "names \($0)" })
            + (file.text.contains("@unchecked Sendable") ? ["is @unchecked Sendable"] : [])
    }
}
