import AsyncHTTPClient
import Glibc
package import NIOCore
import NIOHTTP1
import NIOPosix
package import NIOSSL
import SidetoneCallControl
import Synchronization

/// An HTTP client for addresses chosen by others: each is checked first, and the connection goes to the checked
/// address. Redirects are not followed; responses are limited in size and time.
///
///     let client = GuardedHTTPClient(gate: AddressGuard(), group: group)
///     let answer = try await client.send(WebRequest("GET", "https://example.org/answer"))
///     await client.close()
package final class GuardedHTTPClient: Sendable {
    /// The number of destinations whose connections are kept alive.
    private static let places = 32

    /// A name and the address that it is pinned to.
    private struct Pin: Hashable {
        var host: String
        var address: String
    }

    private struct Entry {
        var client: HTTPClient
        var users = 0
        var lastUse = 0
    }

    private struct State {
        var entries: [Pin: Entry] = [:]
        var uses = 0
    }

    /// Checks the addresses.
    package let gate: AddressGuard
    private let limits: WebLimits
    private let tls: TLSConfiguration
    private let group: any EventLoopGroup
    private let state = Mutex(State())

    /// - Parameter tls: the trusted certificates; TLS 1.2 or later in any case.
    package init(
        gate: AddressGuard, limits: WebLimits = WebLimits(),
        tls: TLSConfiguration = .makeClientConfiguration(), group: any EventLoopGroup
    ) {
        self.gate = gate
        self.limits = limits
        var tls = tls
        tls.minimumTLSVersion = .tlsv12
        self.tls = tls
        self.group = group
    }

    /// Sends a request and returns the complete response, whatever its status.
    ///
    /// - Throws: the reason for not having a response. After a failed connection, the name's next address is tried.
    package func send(_ request: WebRequest) async throws(WebError) -> WebAnswer {
        let seconds = limits.seconds
        let result = await withTaskGroup(of: Result<WebAnswer, WebError>.self) { tasks in
            tasks.addTask {
                do throws(WebError) { return .success(try await self.exchange(request)) } catch {
                    return .failure(error)
                }
            }
            tasks.addTask {
                try? await Task.sleep(for: .seconds(seconds))
                return .failure(WebError(.timedOut, "no complete response within \(seconds) s"))
            }
            let first = await tasks.next()
            tasks.cancelAll()
            return first ?? .failure(WebError(.failed, "the request was cancelled"))
        }
        return try result.get()
    }

    /// Closes the idle connections. Call it when no request is in progress.
    package func close() async {
        let clients = state.withLock { state in
            let clients = state.entries.values.map(\.client)
            state.entries = [:]
            return clients
        }
        for client in clients { try? await client.shutdown().get() }
    }

    private func exchange(_ request: WebRequest) async throws(WebError) -> WebAnswer {
        let destination = try await gate.check(request.url)
        var failure = WebError(.cannotConnect, "\(destination.url.host) has no address")
        for address in destination.addresses {
            do throws(WebError) { return try await exchange(request, destination: destination, at: address) } catch {
                guard error.code == .cannotConnect else { throw error }
                failure = error
            }
        }
        throw failure
    }

    private func exchange(
        _ request: WebRequest, destination: AddressGuard.Destination, at address: SocketAddress
    ) async throws(WebError) -> WebAnswer {
        guard let text = address.ipAddress else {
            throw WebError(.unresolved, "\(destination.url.host) has no address")
        }
        let pin = Pin(host: destination.url.host, address: text)
        let client = acquire(pin)
        let result: Result<WebAnswer, WebError>
        do { result = .success(try await execute(request, url: destination.url, client: client)) } catch {
            result = .failure(Self.failure(error, destination: destination))
        }
        for idle in release(pin) { try? await idle.shutdown().get() }
        return try result.get()
    }

    private func execute(
        _ request: WebRequest, url: WebURL, client: HTTPClient
    ) async throws -> WebAnswer {
        let host = url.host.contains(":") ? "[\(url.host)]" : url.host
        var outgoing = HTTPClientRequest(
            url: "\(url.scheme)://\(host)\(url.port.map { ":\($0)" } ?? "")\(url.target)")
        outgoing.method = HTTPMethod(rawValue: request.method)
        for (name, value) in request.headers { outgoing.headers.add(name: name, value: value) }
        if !request.body.isEmpty || request.method == "POST" { outgoing.body = .bytes(ByteBuffer(bytes: request.body)) }
        let response = try await client.execute(
            outgoing, timeout: .nanoseconds(Int64(limits.seconds * 1e9)))
        var body: [UInt8] = []
        for try await piece in response.body {
            guard body.count + piece.readableBytes <= limits.answerBytes else {
                throw WebError(.tooLarge, "the response of \(url.host) is larger than \(limits.answerBytes) bytes")
            }
            body.append(contentsOf: piece.readableBytesView)
        }
        return WebAnswer(
            status: Int(response.status.code), headers: response.headers.map { ($0.name, $0.value) }, body: body)
    }

    /// Never includes path or query, which may contain secrets.
    private static func failure(_ error: any Error, destination: AddressGuard.Destination) -> WebError {
        let endpoint = "\(destination.url.host):\(destination.port)"
        let tooSlow = WebError(.cannotConnect, "\(endpoint) does not accept the connection in time")
        if let error = error as? WebError { return error }
        switch error {
        case let error as NIOConnectionError:
            return WebError(
                .cannotConnect, "cannot connect to \(endpoint) (\(error.connectionErrors.first?.error ?? error))")
        case let error as ChannelError:
            if case .connectTimeout = error { return tooSlow }
            return WebError(.failed, "the connection to \(endpoint) broke (\(error))")
        case let error as IOError where error.errnoCode == ECONNREFUSED:
            return WebError(.cannotConnect, "cannot connect to \(endpoint) (connection refused)")
        case let error as HTTPClientError where error == .connectTimeout:
            return tooSlow
        case let error as HTTPClientError where error == .deadlineExceeded || error == .readTimeout:
            return WebError(.timedOut, "no complete response from \(endpoint) in time")
        case is NIOSSLError, is NIOSSLExtraError:
            return WebError(
                .cannotConnect,
                "TLS with \(endpoint) failed (\(error)); its certificate must name it and be issued by a trusted "
                    + "authority")
        default: return WebError(.failed, "the request to \(endpoint) failed (\(error))")
        }
    }

    // MARK: Connections

    private func acquire(_ pin: Pin) -> HTTPClient {
        state.withLock { state in
            state.uses += 1
            var entry = state.entries[pin] ?? Entry(client: client(for: pin))
            entry.users += 1
            entry.lastUse = state.uses
            state.entries[pin] = entry
            return entry.client
        }
    }

    /// - Returns: clients that are no longer needed.
    private func release(_ pin: Pin) -> [HTTPClient] {
        state.withLock { state in
            state.entries[pin]?.users -= 1
            guard state.entries.count > Self.places,
                let oldest = state.entries.filter({ $0.value.users == 0 }).min(by: {
                    $0.value.lastUse < $1.value.lastUse
                })
            else { return [] }
            state.entries[oldest.key] = nil
            return [oldest.value.client]
        }
    }

    private func client(for pin: Pin) -> HTTPClient {
        var configuration = HTTPClient.Configuration(
            tlsConfiguration: tls, redirectConfiguration: .disallow,
            timeout: .init(connect: .nanoseconds(Int64(limits.connectSeconds * 1e9))), decompression: .disabled)
        configuration.httpVersion = .http1Only
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.dnsOverride = [pin.host: pin.address]
        return HTTPClient(eventLoopGroupProvider: .shared(group), configuration: configuration)
    }
}
