import Foundation
import SidetoneJSON
import SidetoneModel

/// The dashboard files, read once; no other file can be requested.
struct StaticFiles: Sendable {
    struct File: Sendable {
        let bytes: [UInt8]
        let type: String
        /// A strong validator, in quotes.
        let tag: String
    }

    private let files: [String: File]

    /// Content types by file extension; other files are not served.
    private static let types = [
        "html": "text/html; charset=utf-8", "js": "text/javascript; charset=utf-8", "css": "text/css; charset=utf-8",
        "svg": "image/svg+xml", "png": "image/png", "ico": "image/x-icon", "json": "application/json",
        "woff2": "font/woff2",
    ]
    private static let byteLimit = 1 << 20
    private static let countLimit = 500

    /// Reads a folder recursively.
    init(folder: String) {
        var files: [String: File] = [:]
        let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
        for name in names.sorted().prefix(Self.countLimit) {
            guard let type = Self.types[URL(filePath: name).pathExtension],
                let data = try? Data(contentsOf: URL(filePath: "\(folder)/\(name)")), data.count <= Self.byteLimit
            else { continue }
            files[name] = File(bytes: Array(data), type: type, tag: Self.tag(data))
        }
        self.files = files
    }

    /// The JSON Schemas of all signals, by the names under which they are served.
    init(schemasOf signals: [SignalDeclaration]) {
        var files: [String: File] = [:]
        for signal in signals {
            for type in signal.types {
                guard let schema = signal.schema(of: type) else { continue }
                let bytes = JSONWriter.bytes(of: schema)
                files["\(type).json"] = File(bytes: bytes, type: "application/json", tag: Self.tag(Data(bytes)))
            }
        }
        self.files = files
    }

    subscript(name: String) -> File? { files[name] }
    var isEmpty: Bool { files.isEmpty }

    /// FNV-1a, 64 bits: used only to validate caches.
    private static func tag(_ data: Data) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in data { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return "\"\(String(hash, radix: 16))-\(data.count)\""
    }
}

/// Locates the resources of this module.
enum Resources {
    private static let bundle = "sidetone_SidetoneMonitor.resources"

    /// Beside the executable, whatever the working directory.
    static func folder(_ name: String) -> String? {
        let program = (Bundle.main.executableURL ?? URL(filePath: "/proc/self/exe")).resolvingSymlinksInPath()
        let folders = [program.deletingLastPathComponent().path, Bundle.main.bundlePath]
        return folders.lazy.flatMap { ["\($0)/\(bundle)/Resources/\(name)", "\($0)/\(bundle)/\(name)"] }
            .first { FileManager.default.fileExists(atPath: $0) }
    }
}
