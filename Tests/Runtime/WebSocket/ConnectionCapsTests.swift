import NIOCore
import NIOPosix
import NIOSSL
import Testing

@testable import SidetoneWebSocket

@Suite(.timeLimit(.minutes(1))) struct ConnectionCapsTests {
    private func admitted(_ caps: ConnectionCaps, address: String) -> ConnectionCaps.Place? {
        guard case .admitted(let place) = caps.admit(address) else { return nil }
        return place
    }

    @Test func `an address over its cap does not affect other addresses`() throws {
        let caps = ConnectionCaps(ConnectionLimits(total: 10, perAddress: 2))
        let first = try #require(admitted(caps, address: "192.0.2.1"))
        let second = try #require(admitted(caps, address: "192.0.2.1"))
        #expect(admitted(caps, address: "192.0.2.1") == nil)
        #expect(admitted(caps, address: "192.0.2.2") != nil)
        first.release()
        first.release()
        #expect(admitted(caps, address: "192.0.2.1") != nil)
        #expect(caps.refused == 1)
        second.release()
    }

    @Test func `addresses of one IPv6 network count together`() throws {
        let caps = ConnectionCaps(ConnectionLimits(total: 10, perAddress: 2))
        for number in 1...2 { #expect(admitted(caps, address: "2001:db8::\(number)") != nil) }
        #expect(admitted(caps, address: "2001:db8::ffff:ffff") == nil)
        #expect(admitted(caps, address: "2001:db8:0:1::1") != nil)
    }

    @Test func `the total cap holds for any number of addresses`() {
        let caps = ConnectionCaps(ConnectionLimits(total: 3, perAddress: 2))
        let places = (1...5).map { admitted(caps, address: "192.0.2.\($0)") }
        #expect(places.map { $0 != nil } == [true, true, true, false, false])
    }

    @Test func `a trusted proxy is capped by the total alone`() throws {
        var limits = ConnectionLimits(total: 5, perAddress: 1)
        limits.trustedProxies = [try #require(AddressRange("10.0.0.0/8"))]
        let caps = ConnectionCaps(limits)
        let places = (0..<6).map { _ in admitted(caps, address: "10.0.0.1") }
        #expect(places.count { $0 != nil } == 5)
    }

    @Test func `a limited number of refusals is answered, and the others are closed`() {
        let caps = ConnectionCaps(ConnectionLimits(total: 1, perAddress: 1))
        let place = admitted(caps, address: "192.0.2.1")
        var answers: [ConnectionCaps.Place] = []
        var closed = 0
        for number in 0..<100 {
            switch caps.admit("192.0.2.\(number)") {
            case .admitted: Issue.record("over the cap")
            case .answered(let answer): answers.append(answer)
            case .closed: closed += 1
            }
        }
        #expect(answers.count == ConnectionCaps.maxAnswers && closed == 100 - answers.count)
        answers.forEach { $0.release() }
        guard case .answered = caps.admit("192.0.2.1") else {
            Issue.record("a place for an answer is free again")
            return
        }
        place?.release()
    }

    @Test(arguments: [false, true])
    func `one address cannot use all connections, and is answered 503`(tls: Bool) async throws {
        let context = tls ? try Certificates.server(.localhost) : nil
        try await TestServer.run(
            {
                $0.connections = ConnectionLimits(total: 8, perAddress: 2)
                // Nothing but the caps closes who says nothing.
                $0.handshake = .seconds(300)
            }, tls: context
        ) { server in
            let port = server.port
            try await RawPeer.holding(2, at: port) {
                let answer = try await Self.answer(at: port, tls: tls, from: "127.0.0.1")
                #expect(answer.hasPrefix("HTTP/1.1 503 "), "\(answer)")
                #expect(answer.contains("Retry-After: 5\r\n"))
                let other = try await Self.answer(at: port, tls: tls, from: "127.0.0.2")
                #expect(other.hasPrefix("HTTP/1.1 101 "), "\(other)")
            }
        }
    }

    /// The head that answers an upgrade from an address of loopback.
    private static func answer(at port: Int, tls: Bool, from address: String) async throws -> String {
        let context = tls ? try TLS.client(.file(Certificates.localhost.certificate)) : nil
        return try await RawPeer.connect(to: port, from: address, tls: context) { peer in
            try await peer.send(text: RawPeer.upgradeHead())
            return await peer.head()
        }
    }
}
