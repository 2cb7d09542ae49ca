import NIOCore
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
            // Nothing but the cap closes who says nothing.
            limits.handshake = .seconds(300)
        } _: { server in
            let port = server.port
            try await RawPeer.upgrade(at: port) { upgraded in
                // Each is accepted on a loop of its own: whichever comes second is closed.
                let closed = try await withThrowingTaskGroup(of: [UInt8].self) { silent in
                    for _ in 0..<2 { silent.addTask { try await RawPeer.connect(to: port) { await $0.rest() } } }
                    defer { silent.cancelAll() }
                    return try await silent.next()
                }
                #expect(closed?.isEmpty == true)
                try await upgraded.send(frame(0x81, "hello"))
                #expect(await upgraded.frame()?.payload == Array("hello".utf8))
            }
        }
    }
}
