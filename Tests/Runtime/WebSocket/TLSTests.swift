import Testing

@testable import SidetoneWebSocket

@Suite struct TLSTests {
    @Test(arguments: [
        (Certificates.localhost.certificate, Certificates.other.key),
        (Certificates.localhost.key, Certificates.localhost.key),
        (Certificates.folder + "none.pem", Certificates.localhost.key),
        (Certificates.localhost.certificate, Certificates.folder + "README.md"),
    ])
    func `what is no certificate with its key is told by name`(certificate: String, key: String) {
        do throws(WebSocketError) {
            _ = try TLS.server(certificate: certificate, key: key)
            Issue.record("a certificate and a key that do not belong together were taken")
        } catch {
            #expect(error.code == .badCertificate)
            #expect(error.description.contains(certificate) && error.description.contains(key))
        }
    }

    @Test func `a pair that belongs together is taken`() throws {
        _ = try TLS.server(certificate: Certificates.localhost.certificate, key: Certificates.localhost.key)
    }

    @Test func `trust in a file that is not there is told`() {
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
}
