import Testing

@testable import SidetoneWebSocket

@Suite(.timeLimit(.minutes(1))) struct ConnectionCapsTests {
    private func caps(perAddress: Int, beforeUpgrade: Int) -> ConnectionCaps {
        var limits = WebSocketLimits()
        limits.connectionsPerAddress = perAddress
        limits.connectionsBeforeUpgrade = beforeUpgrade
        return ConnectionCaps(limits)
    }

    @Test func `an address over its cap takes nobody else's place`() throws {
        let caps = caps(perAddress: 2, beforeUpgrade: 10)
        let first = try #require(caps.admit("a"))
        #expect(caps.admit("a") != nil)
        #expect(caps.admit("a") == nil)
        #expect(caps.admit("b") != nil)
        first.leave()
        #expect(caps.admit("a") != nil)
        #expect(caps.refused == 1)
    }

    @Test func `whoever was upgraded waits no more, and leaves once`() throws {
        let caps = caps(perAddress: 10, beforeUpgrade: 1)
        let first = try #require(caps.admit("a"))
        #expect(caps.admit("b") == nil)
        first.upgraded()
        let second = try #require(caps.admit("b"))
        first.leave()
        #expect(caps.admit("c") == nil)
        second.leave()
        #expect(caps.admit("c") != nil)
        #expect(caps.refused == 2)
    }

    @Test func `a silent connection over the cap is closed at once, and an upgraded one goes on`() async throws {
        try await TestServer.run { limits in
            limits.connectionsBeforeUpgrade = 1
        } _: { server in
            try await RawPeer.upgrade(at: server.port) { upgraded in
                try await RawPeer.connect(to: server.port) { silent in
                    // The second one that says nothing is over the cap.
                    let rest = try await RawPeer.connect(to: server.port) { peer in await peer.rest() }
                    #expect(rest.isEmpty)
                    silent.finish()
                }
                try await upgraded.send(frame(0x81, "hello"))
                #expect(await upgraded.frame()?.payload == Array("hello".utf8))
            }
        }
    }
}
