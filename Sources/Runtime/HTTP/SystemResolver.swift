import Glibc
package import NIOCore
import NIOPosix

/// The system's resolver: the hosts file, then the name servers, via `getaddrinfo`.
package enum SystemResolver {
    /// The time limit for an answer.
    static let patience = TimeAmount.seconds(5)

    /// Every address of a name, in the order of RFC 6724.
    ///
    /// - Throws: `WebError(.unresolved)` when there is none, or no answer within five seconds.
    @Sendable package static func resolve(_ host: String, port: Int) async throws -> [SocketAddress] {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let answer = loop.makePromise(of: [SocketAddress].self)
        let deadline = loop.scheduleTask(in: patience) {
            answer.fail(WebError(.unresolved, "the name servers did not answer for \(host) in time; check the network"))
        }
        defer { deadline.cancel() }
        // `getaddrinfo` blocks and cannot be interrupted: it occupies a thread of the pool until it returns.
        NIOThreadPool.singleton.runIfActive(eventLoop: loop) { try lookUp(host, port: port) }.cascade(to: answer)
        return try await answer.futureResult.get()
    }

    private static func lookUp(_ host: String, port: Int) throws -> [SocketAddress] {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_protocol = Int32(IPPROTO_TCP)
        var list = hints.ai_next
        let code = getaddrinfo(host, String(port), &hints, &list)
        guard code == 0 else {
            throw WebError(
                .unresolved,
                "the name \(host) cannot be resolved (\(String(cString: gai_strerror(code)))); check its spelling"
            )
        }
        defer { freeaddrinfo(list) }
        var addresses: [SocketAddress] = []
        var entry = list
        while let current = entry {
            if let address = current.pointee.ai_addr {
                switch current.pointee.ai_family {
                case AF_INET:
                    addresses.append(
                        address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { SocketAddress($0.pointee) })
                case AF_INET6:
                    addresses.append(
                        address.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { SocketAddress($0.pointee) })
                default: break
                }
            }
            entry = current.pointee.ai_next
        }
        return addresses
    }
}
