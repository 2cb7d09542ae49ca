import Foundation
import Logging
import NIOCore
import NIOPosix
import NIOSSL
import Testing

@testable import SidetoneWebSocket

/// A server's certificate whose files change while it runs.
@Suite(.timeLimit(.minutes(1))) struct ReloadedCertificateTests {
    /// A pair of files that can be replaced.
    private final class Pair {
        let folder = FileManager.default.temporaryDirectory.appending(path: "sidetone-test-\(UUID().uuidString)")
        var certificate: String { folder.appending(path: "cert.pem").path }
        var key: String { folder.appending(path: "key.pem").path }

        init() throws {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try put(.localhost)
        }

        deinit { try? FileManager.default.removeItem(at: folder) }

        func put(_ pair: Certificates) throws {
            try putCertificate(of: pair)
            try putKey(of: pair)
        }
        func putCertificate(of pair: Certificates) throws {
            try Data(contentsOf: URL(filePath: pair.certificate))
                .write(to: URL(filePath: certificate), options: .atomic)
        }
        func putKey(of pair: Certificates) throws {
            try Data(contentsOf: URL(filePath: pair.key)).write(to: URL(filePath: key), options: .atomic)
        }
        func reloaded() throws -> ReloadedCertificate {
            try ReloadedCertificate(
                certificate: certificate, key: key, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        }
    }

    @Test func `the context is kept while the files are unchanged`() throws {
        let pair = try Pair()
        let certificate = try pair.reloaded()
        let first = certificate.context
        #expect(certificate.context === first)
    }

    @Test func `a pair that is replaced file by file is used once both match`() throws {
        let pair = try Pair()
        let certificate = try pair.reloaded()
        let first = certificate.context
        try pair.putCertificate(of: .other)
        certificate.refresh()
        #expect(certificate.context === first)
        try pair.putKey(of: .other)
        certificate.refresh()
        let second = certificate.context
        #expect(second !== first)
        #expect(certificate.context === second)
    }

    @Test func `a key may change before its certificate`() throws {
        let pair = try Pair()
        let certificate = try pair.reloaded()
        let first = certificate.context
        try pair.putKey(of: .other)
        certificate.refresh()
        #expect(certificate.context === first)
        try pair.putCertificate(of: .other)
        certificate.refresh()
        #expect(certificate.context !== first)
    }

    @Test func `missing or broken files keep the old certificate`() throws {
        let pair = try Pair()
        let certificate = try pair.reloaded()
        let first = certificate.context
        try Data("-----BEGIN CERTIFICATE-----\n".utf8).write(to: URL(filePath: pair.certificate))
        certificate.refresh()
        #expect(certificate.context === first)
        try FileManager.default.removeItem(atPath: pair.certificate)
        certificate.refresh()
        #expect(certificate.context === first)
        try pair.put(.localhost)
        certificate.refresh()
        #expect(certificate.context !== first)
    }

    @Test func `unusable files at the start are reported`() throws {
        let pair = try Pair()
        try pair.putKey(of: .other)
        #expect(throws: WebSocketError.self) { try pair.reloaded() }
    }
}
