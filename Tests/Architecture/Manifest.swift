import Foundation

/// The targets of Package.swift, as SwiftPM evaluates it.
struct Manifest {
    struct Target: Equatable {
        var name: String
        /// From the root of the package on, such as `Sources/Pure/Model`.
        var path: String
        /// `regular`, `executable`, `test` or `system`.
        var type: String
        /// Targets and products, by name.
        var dependencies: [String]
    }

    var targets: [Target]

    /// The root of this package.
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// Asks SwiftPM for the whole manifest, also where a part of it is built.
    static func ofPackage() throws -> Manifest {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        let scratch = FileManager.default.temporaryDirectory.appending(path: "sidetone-manifest-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: scratch) }
        process.arguments = [
            "swift", "package", "--package-path", root.path, "--scratch-path", scratch.path, "dump-package",
        ]
        process.environment = ProcessInfo.processInfo.environment.filter { $0.key != "SIDETONE_PURE" }
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let json = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return try Manifest(json: json)
    }

    init(targets: [Target]) { self.targets = targets }

    /// - Parameter json: what `swift package dump-package` prints.
    init(json: Data) throws {
        struct Dump: Decodable {
            struct Target: Decodable {
                var name: String
                var path: String?
                var type: String
                var dependencies: [[String: [Part?]]]
            }
            var targets: [Target]
        }
        /// A dependency is a list of its name, its package and conditions; the name is the first.
        enum Part: Decodable {
            case name(String)
            case other

            init(from decoder: any Decoder) throws {
                let text = try? decoder.singleValueContainer().decode(String.self)
                self = text.map(Part.name) ?? .other
            }
        }
        targets = try JSONDecoder().decode(Dump.self, from: json).targets.map { target in
            let names = target.dependencies.flatMap(\.values).compactMap { parts -> String? in
                guard case .name(let name)?? = parts.first else { return nil }
                return name
            }
            return Target(
                name: target.name, path: target.path ?? "", type: target.type, dependencies: names)
        }
    }
}
