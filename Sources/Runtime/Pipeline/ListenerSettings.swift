package import SidetoneModel

/// What every source that listens has: its address, and a certificate or the word that it needs none.
package protocol ListenerSettings: ComponentSettings {
    /// `host:port`.
    var listen: String { get set }
    /// A PEM file; empty where `plain` is true.
    var certificate: String { get set }
    /// A PEM file; empty where `plain` is true.
    var key: String { get set }
    /// Without TLS.
    var plain: Bool { get set }
    /// How addresses begin that are reached without TLS: `http` or `ws`.
    static var plainScheme: String { get }
}

extension ListenerSettings {
    /// Host and port of `listen`; nil when it is no `host:port`.
    package var address: ListenAddress? { ListenAddress(listen) }
    /// How addresses of this listener begin.
    package var scheme: String { plain ? Self.plainScheme : Self.plainScheme + "s" }

    package static var listenField: Setting<Self> {
        Setting("listen", \.listen, "host:port", "Where to listen; port 0 takes a free one.")
    }

    package static var tlsFields: [Setting<Self>] {
        [
            Setting(
                "tls.certificate", \.certificate, "a PEM file",
                "The certificate, then its chain; read again when the file changes, open connections keep theirs."),
            Setting("tls.key", \.key, "a PEM file", "The certificate's private key."),
            Setting(
                "plain", \.plain,
                "Takes \(plainScheme):// without TLS; for loopback, or behind a proxy that ends TLS."),
        ]
    }

    /// What is wrong with `listen`, `tls` and `plain`.
    package var listenerProblems: [(setting: String, problem: String)] {
        var problems: [(String, String)] = []
        if address == nil {
            problems.append(("listen", "is \"\(listen)\"; expected host:port, such as \(Self().listen)"))
        }
        if certificate.isEmpty != key.isEmpty {
            problems.append(("tls", "names only one of certificate and key; expected both"))
        }
        if certificate.isEmpty, key.isEmpty, !plain {
            problems.append(
                (
                    "tls",
                    "is missing; give tls: { certificate: FILE, key: FILE }, or plain: true to take "
                        + "\(Self.plainScheme):// without it"
                ))
        }
        if plain, !certificate.isEmpty {
            problems.append(("plain", "is true, and tls is given as well; keep one of them"))
        }
        return problems
    }

    /// What is wrong with the path of an address; nil when it can be served. RFC 3986 §2.3: unreserved characters between
    /// slashes, so that it stands in a request as it stands in the file.
    ///
    /// - Parameter example: a path that would be right.
    package static func problem(ofPath path: String, example: String) -> String? {
        let isRight =
            path.hasPrefix("/") && !path.contains("//")
            && path.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: "/_.-~".utf8.contains(byte)
                }
            }
        return isRight ? nil : "is \"\(path)\"; expected / and letters, digits, _ . - ~, such as \(example)"
    }
}
