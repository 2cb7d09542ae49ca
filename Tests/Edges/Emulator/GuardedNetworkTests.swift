import NIOCore
import NIOPosix
import SidetoneCallControl
import SidetoneHTTP
import SidetonePlayback
import SidetoneWebSocket
import Testing

@testable import SidetoneEmulator

@Suite struct GuardedNetworkTests {
    private func token(staysHere: Bool, _ addresses: [String]) async throws -> String? {
        let group = MultiThreadedEventLoopGroup.singleton
        let web = GuardedHTTPClient(gate: AddressGuard(), tls: TLS.clientConfiguration(.system), group: group)
        let network = GuardedNetwork(
            web: web, sockets: try WebSocketClient(group: group, trust: .system), pace: .max, bearer: Secret("token"),
            bearerStaysHere: staysHere)
        let token = network.bearer(for: try addresses.map { try SocketAddress(ipAddress: $0, port: 443) })
        await web.close()
        return token?.value
    }

    @Test func `a token that was given for the call goes wherever the call goes`() async throws {
        #expect(try await token(staysHere: false, ["203.0.113.7"]) == "token")
    }

    @Test(arguments: [
        (["127.0.0.1"], "token"), (["127.8.9.10", "::1"], "token"), (["10.0.0.1"], nil), (["203.0.113.7"], nil),
        (["127.0.0.1", "203.0.113.7"], nil), (["::ffff:127.0.0.1"], "token"), (["fd00::1"], nil),
    ])
    func `a token of the environment stays on this machine`(addresses: [String], expected: String?) async throws {
        #expect(try await token(staysHere: true, addresses) == expected)
    }
}
