import NIOCore
package import NIOSSL

/// TLS settings for both ends: TLS 1.2 or later.
package enum TLS {
    /// A server's context.
    ///
    /// - Parameters:
    ///   - certificate: a PEM file, the leaf first, then its chain.
    ///   - key: a PEM file.
    package static func server(certificate: String, key: String) throws(WebSocketError) -> NIOSSLContext {
        do {
            let chain = try NIOSSLCertificate.fromPEMFile(certificate).map { NIOSSLCertificateSource.certificate($0) }
            let key = try NIOSSLPrivateKey(file: key, format: .pem)
            var configuration = TLSConfiguration.makeServerConfiguration(
                certificateChain: chain, privateKey: .privateKey(key))
            configuration.minimumTLSVersion = .tlsv12
            configuration.cipherSuiteValues = tls12Ciphers
            return try NIOSSLContext(configuration: configuration)
        } catch {
            throw WebSocketError(
                .badCertificate,
                "the certificate \(certificate) with the key \(key) cannot be used (\(error)); both must be PEM and belong "
                    + "together")
        }
    }

    /// The name that a client sends and verifies; nil for an address (RFC 6066 §3: names only).
    package static func serverName(_ host: String) -> String? {
        (try? SocketAddress(ipAddress: host, port: 0)) == nil ? host : nil
    }

    /// TLS 1.2 with forward secrecy and authenticated encryption only (RFC 9325 §4.2); TLS 1.3 has no other suites.
    private static let tls12Ciphers: [NIOTLSCipher] = [
        .TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, .TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
        .TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, .TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
        .TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, .TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
    ]

    /// The certificates that a client trusts.
    package enum Trust: Sendable, Hashable {
        /// The system's certificate authorities.
        case system
        /// The authorities in a PEM file.
        case file(String)
        /// Any certificate: for development only.
        case anybody
    }

    static func client(_ trust: Trust) throws(WebSocketError) -> NIOSSLContext {
        do { return try NIOSSLContext(configuration: clientConfiguration(trust)) } catch {
            throw WebSocketError(.badCertificate, "the trusted certificates cannot be read (\(error))")
        }
    }

    /// For clients of other protocols with the same trust settings.
    package static func clientConfiguration(_ trust: Trust) -> TLSConfiguration {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        switch trust {
        case .system: break
        case .file(let path): configuration.trustRoots = .file(path)
        case .anybody: configuration.certificateVerification = .none
        }
        return configuration
    }
}
