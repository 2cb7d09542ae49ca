package import SidetoneModel

/// Settings common to all listening sources: the address, and TLS or its explicit absence.
package protocol ListenerSettings: ComponentSettings {
    /// `host:port`.
    var listen: String { get set }
    /// A PEM file; empty where `allowPlaintext` is true.
    var certificate: String { get set }
    /// A PEM file; empty where `allowPlaintext` is true.
    var key: String { get set }
    /// Without TLS.
    var allowPlaintext: Bool { get set }
    /// The URL scheme without TLS: `http` or `ws`.
    static var plainScheme: String { get }
}

extension ListenerSettings {
    /// Host and port of `listen`; nil when it is not `host:port`.
    package var address: ListenAddress? { ListenAddress(listen) }
    /// The URL scheme of this listener.
    package var scheme: String { allowPlaintext ? Self.plainScheme : Self.plainScheme + "s" }

    package static var listenField: Setting<Self> {
        Setting("listen", \.listen, "host:port", "Address to listen on; port 0 selects a free port.")
    }

    package static var tlsFields: [Setting<Self>] {
        [
            Setting(
                "tls.certificate", \.certificate, "a PEM file",
                "Certificate followed by its chain; reloaded when the file changes, open connections keep theirs."),
            Setting("tls.key", \.key, "a PEM file", "Private key of the certificate."),
            Setting(
                "allow_plaintext", \.allowPlaintext,
                "Accepts \(plainScheme):// without TLS; for loopback, or behind a proxy that terminates TLS."),
        ]
    }

    /// Problems with `listen`, `tls` and `allowPlaintext`.
    package var listenerProblems: [(setting: String, problem: String)] {
        var problems: [(String, String)] = []
        if address == nil {
            problems.append(("listen", "is \"\(listen)\"; expected host:port, such as \(Self().listen)"))
        }
        if certificate.isEmpty != key.isEmpty {
            problems.append(("tls", "names only one of certificate and key; expected both"))
        }
        if certificate.isEmpty, key.isEmpty, !allowPlaintext {
            problems.append(
                (
                    "tls",
                    "is missing; set tls: { certificate: FILE, key: FILE }, or allow_plaintext: true to accept "
                        + "\(Self.plainScheme):// without it"
                ))
        }
        if allowPlaintext, !certificate.isEmpty {
            problems.append(("allow_plaintext", "is true, and tls is set as well; keep one of them"))
        }
        return problems
    }

    /// The problem with a URL path; nil when it can be served. RFC 3986 §2.3: unreserved characters between slashes, so
    /// that it is identical in requests and in the file.
    ///
    /// - Parameter example: a valid path.
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
