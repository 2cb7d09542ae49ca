import NIOCore
import SidetoneCallControl
import SidetoneHTTP
import SidetoneWebSocket

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// From the stream's URL to an open TCP connection.
extension StreamDiagnosis {
    func check(_ stream: ProbedStream, _ walk: inout DiagnosisContext) throws(DiagnosisContext.Broken) -> WebSocketURL {
        let url: WebSocketURL
        do throws(WebSocketError) { url = try WebSocketURL(stream.url) } catch {
            throw walk.broken(.url, detail: error.detail, advice: "write wss://host/path")
        }
        let shown = WebURL.withoutSecrets(stream.url)
        if url.isSecure {
            walk.pass(.url, detail: shown)
        } else {
            walk.warn(
                .url, detail: "\(shown) is not secure",
                advice: "no platform accepts it: serve the stream over TLS and write wss://")
        }
        return url
    }

    func resolve(_ stream: ProbedStream, walk: inout DiagnosisContext) async throws(DiagnosisContext.Broken)
        -> [SocketAddress]
    {
        let gate = AddressGuard(
            allowsLoopback: options.allowsLoopback || stream.isNamedByUser,
            allowsPrivate: options.allowsPrivate || stream.isNamedByUser)
        let destination: AddressGuard.Destination
        do throws(WebError) { destination = try await gate.check(stream.url) } catch {
            let advice =
                error.code == .unresolved
                ? "check that the name is in the public DNS, and its spelling"
                : "a platform must reach the receiver: use a public address, or a tunnel"
            throw walk.broken(.address, detail: error.detail, advice: advice)
        }
        let kinds = Set(destination.addresses.map { AddressKind($0) })
        var detail = destination.addresses.compactMap(\.ipAddress).prefix(4).joined(separator: ", ")
        if !kinds.contains(.global) { detail += " (not reachable for platforms)" }
        walk.pass(.address, detail: detail)
        return destination.addresses
    }

    /// - Returns: the first address that accepts a connection.
    func connect(
        _ url: WebSocketURL, addresses: [SocketAddress], walk: inout DiagnosisContext
    ) async throws(DiagnosisContext.Broken) -> SocketAddress {
        var failure = ProbeFailure.closed
        for address in addresses {
            do throws(ProbeFailure) {
                let channel = try await ProbeSocket.connect(
                    to: address, on: group.next(), within: deadlines.connection)
                channel.close(promise: nil)
                walk.pass(.connection, detail: "\(address.ipAddress ?? url.host) port \(url.port) accepts connections")
                return address
            } catch { failure = error }
        }
        let (detail, advice) = Self.explain(failure, port: url.port)
        throw walk.broken(.connection, detail: detail, advice: advice)
    }

    static func explain(_ failure: ProbeFailure, port: Int) -> (detail: String, advice: String) {
        switch failure {
        case .system(ECONNREFUSED):
            ("nothing listens on port \(port)", "start the receiver, or correct the port in the URL")
        case .timedOut:
            ("port \(port) does not answer", "allow TCP to it in the firewall, and check that the machine is up")
        case .system(let number):
            ("it cannot be reached (\(String(cString: strerror(number))))", "check the network and the address")
        default: ("the connection failed immediately", "check what listens on port \(port)")
        }
    }
}
