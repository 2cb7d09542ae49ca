import NIOSSL

@testable import SidetoneWebSocket

/// The pairs beside the tests.
enum Certificates: String {
    case localhost = "localhost"
    case other = "other.example"

    static func server(_ pair: Certificates) throws -> NIOSSLContext {
        try TLS.server(certificate: pair.certificate, key: pair.key)
    }

    var certificate: String { Self.folder + rawValue + ".pem" }
    var key: String { Self.folder + rawValue + ".key.pem" }

    static let folder = #filePath.dropLast("Certificates.swift".count) + "Certificates/"
}
