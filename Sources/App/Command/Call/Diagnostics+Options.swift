import SidetoneCodecs
import SidetoneConfiguration
import SidetoneEmulator
import SidetoneJSON
import SidetoneModel
import SidetonePlatforms
import SidetonePlayback

/// Collects every problem with the options of a command.
extension Diagnostics {
    mutating func record(_ problem: String) { add(Diagnostic(wrong: problem)) }

    /// - Parameter name: of the option; empty if the error names it.
    mutating func process<T>(_ name: String, make: () throws -> T) -> T? {
        do { return try make() } catch {
            record(name.isEmpty ? "\(error)" : "\(name): \(error)")
            return nil
        }
    }

    mutating func platform(_ name: String) -> (any Platform.Type)? {
        let platform = PlatformCatalog.named(name)
        if platform == nil {
            record("--platform is \"\(name)\"; expected \(PlatformCatalog.names)")
        }
        return platform
    }

    /// - Parameter name: nil selects the first that the platform streams.
    mutating func codec(_ name: String?, of platform: (any Platform.Type)?) -> (any AudioCodec.Type)? {
        guard let name = name ?? platform?.standardFormat.encoding.rawValue else { return nil }
        let codec = CodecCatalog.named(name)
        if codec == nil { record("--codec is \"\(name)\"; expected \(CodecCatalog.names)") }
        return codec
    }

    /// Whether the platform streams the codec.
    mutating func format(_ platform: any Dialect.Type, codec: any AudioCodec.Type) {
        guard platform.sampleRates(of: codec).isEmpty else { return }
        record("--codec is \(codec.encoding); \(platform.name) streams \(platform.formatNames)")
    }

    mutating func pace(_ text: String) -> Pace? {
        let pace = Pace(text)
        if pace == nil { record("--pace is \"\(text)\"; expected max, or a number above 0 such as 1") }
        return pace
    }

    mutating func callID(_ options: CallOptions) {
        guard let id = options.callID else { return }
        if options.calls > 1 { record("--call-id applies to one call; --calls is \(options.calls)") }
        if !(1...128).contains(id.utf8.count) || !id.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) {
            record("--call-id: expected 1–128 printable ASCII characters without spaces")
        }
    }

    mutating func packet(_ packetMs: Int, codec: any AudioCodec.Type) {
        _ = process("--packet-ms") { try codec.check(packetMs: packetMs) }
    }
}
