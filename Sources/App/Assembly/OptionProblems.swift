import SidetoneCallFlow
import SidetoneCodecs
import SidetoneDialects

/// Everything that is wrong in the options of a command, all of it at once.
struct OptionProblems {
    private var problems: [String] = []

    var isEmpty: Bool { problems.isEmpty }
    var error: SettingsError {
        SettingsError(problems.map { Problem(file: "", line: 1, path: "", detail: $0) })
    }

    mutating func note(_ problem: String) { problems.append(problem) }

    /// - Parameter name: of the option; empty where the error says it.
    mutating func take<T>(_ name: String, _ make: () throws -> T) -> T? {
        do { return try make() } catch {
            problems.append(name.isEmpty ? "\(error)" : "\(name): \(error)")
            return nil
        }
    }

    mutating func platform(_ name: String) -> (any Dialect.Type)? {
        let platform = DialectCatalog.named(name)
        if platform == nil {
            note("--platform is \"\(name)\"; it takes \(DialectCatalog.all.map { $0.name }.joined(separator: ", "))")
        }
        return platform
    }

    mutating func codec(_ name: String) -> (any AudioCodec.Type)? {
        let codec = CodecCatalog.named(name)
        if codec == nil { note("--codec is \"\(name)\"; it takes \(CodecCatalog.names)") }
        return codec
    }

    /// Whether the platform streams the codec at all.
    mutating func format(_ platform: any Dialect.Type, _ codec: any AudioCodec.Type) {
        guard platform.sampleRates(of: codec).isEmpty else { return }
        note("--codec is \(codec.encoding); \(platform.name) streams \(platform.formatNames)")
    }

    mutating func pace(_ text: String) -> Pace? {
        let pace = Pace(text)
        if pace == nil { note("--pace is \"\(text)\"; it takes max, or a number above 0 such as 1") }
        return pace
    }

    mutating func callID(_ options: CallRun.Options) {
        guard let id = options.callID else { return }
        if options.calls > 1 { note("--call-id names one call; --calls is \(options.calls)") }
        if !(1...128).contains(id.utf8.count) || !id.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) {
            note("--call-id takes 1…128 letters, digits and signs of ASCII, no spaces")
        }
    }

    mutating func packet(_ packetMs: Int, _ codec: any AudioCodec.Type) {
        _ = take("--packet-ms") { try codec.check(packetMs: packetMs) }
    }
}
