import NIOCore
import NIOSSL

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// Why a probe failed.
enum ProbeFailure: Error, Hashable {
    case timedOut
    /// The peer closed or reset the connection.
    case closed
    /// The system's error number.
    case system(Int32)
    /// BoringSSL's reason, in capitals: `CERTIFICATE_VERIFY_FAILED`.
    case tls(String)
    /// The certificate is for another name.
    case name
    /// The response is not HTTP.
    case notHTTP
    case other(String)

    init(_ error: any Error) {
        switch error {
        case let failure as ProbeFailure: self = failure
        case let error as IOError where error.errnoCode == ECONNRESET: self = .closed
        case let error as IOError: self = .system(error.errnoCode)
        case let error as ChannelError:
            if case .connectTimeout = error { self = .timedOut } else { self = .closed }
        case let error as NIOSSLExtraError where error == .failedToValidateHostname: self = .name
        case let error as NIOSSLError:
            switch error {
            case .handshakeFailed(.sslError([.eofDuringHandshake])), .uncleanShutdown: self = .closed
            default: self = .tls(Self.reason("\(error)"))
            }
        case is NIOSSLExtraError, is BoringSSLError: self = .tls(Self.reason("\(error)"))
        default: self = .other("\(error)")
        }
    }

    /// The last word in capitals of an error stack, which is BoringSSL's reason.
    private static func reason(_ text: String) -> String {
        let words = text.split { !$0.isASCII || !($0.isUppercase || $0.isNumber || $0 == "_") }
        return words.last { $0.contains("_") && !$0.hasPrefix("OPENSSL") }.map(String.init) ?? "unknown"
    }
}
