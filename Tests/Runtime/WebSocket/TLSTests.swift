import Foundation
import Testing

@testable import SidetoneWebSocket

@Suite struct TLSTests {
    @Test(arguments: [
        (Certificates.localhost.certificate, Certificates.other.key),
        (Certificates.localhost.key, Certificates.localhost.key),
        (Certificates.folder + "none.pem", Certificates.localhost.key),
        (Certificates.localhost.certificate, Certificates.folder + "README.md"),
    ])
    func `an invalid pair of certificate and key is reported by name`(certificate: String, key: String) {
        do throws(WebSocketError) {
            _ = try TLS.server(certificate: certificate, key: key)
            Issue.record("a certificate and a key that do not belong together were taken")
        } catch {
            #expect(error.code == .badCertificate)
            #expect(error.description.contains(certificate) && error.description.contains(key))
        }
    }

    @Test func `a matching pair is accepted`() throws {
        _ = try TLS.server(certificate: Certificates.localhost.certificate, key: Certificates.localhost.key)
    }

    @Test func `a missing trust file is reported`() {
        do throws(WebSocketError) {
            _ = try TLS.client(.file(Certificates.folder + "none.pem"))
            Issue.record("a missing file was trusted")
        } catch {
            #expect(error.code == .badCertificate)
        }
    }

    @Test(arguments: ["cafe.de", "abc.de", "beef", "dead.beef.cafe", "1.2.3", "face.b00c", "localhost"])
    func `a name of hexadecimal letters is a name`(host: String) { #expect(TLS.serverName(host) == host) }

    @Test(arguments: ["127.0.0.1", "::1", "cafe::de", "2001:db8::1", "::ffff:1.2.3.4"])
    func `an address is no name`(host: String) { #expect(TLS.serverName(host) == nil) }

    private static let hasOpenSSL = FileManager.default.isExecutableFile(atPath: "/usr/bin/openssl")

    /// What `openssl s_client` says of a handshake with these options.
    @concurrent private static func handshake(_ options: [String], at port: Int) async throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/openssl")
        process.arguments = ["s_client", "-connect", "127.0.0.1:\(port)", "-brief"] + options
        let output = Pipe()
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return text
    }

    @Test(
        .enabled(if: hasOpenSSL, "OpenSSL is not installed here"), .timeLimit(.minutes(1)),
        arguments: [
            (["-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0"], nil),
            (["-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-SHA:ECDHE-ECDSA-AES256-SHA384:AES128-SHA@SECLEVEL=0"], nil),
            (["-tls1_2", "-cipher", "ECDHE-RSA-AES128-SHA256:AES128-GCM-SHA256:AES256-SHA@SECLEVEL=0"], nil),
            (["-tls1_2"], "TLSv1.2"), (["-tls1_2", "-cipher", "CHACHA20"], "TLSv1.2"), (["-tls1_3"], "TLSv1.3"),
        ])
    func `TLS 1.2 with authenticated encryption is the minimum`(options: [String], version: String?)
        async throws
    {
        let context = try Certificates.server(.localhost)
        let text = try await TestServer.run(tls: context) { try await Self.handshake(options, at: $0.port) }
        if let version {
            #expect(text.contains("Protocol version: \(version)"), "\(text)")
        } else {
            #expect(!text.contains("CONNECTION ESTABLISHED") && text.contains("alert"), "\(text)")
        }
    }
}
