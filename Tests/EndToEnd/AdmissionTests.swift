import NIOCore
import SidetoneConfiguration
import SidetoneEmulator
import SidetoneModel
import SidetonePipeline
import SidetonePlayback
import SidetoneServer
import SidetoneService
import SidetoneWebSocket
import Testing
import sidetone

/// Which upgrades are admitted, and how the others are refused.
@Suite(.serialized) struct AdmissionTests {
    private func status(of url: String, _ headers: [(String, String)] = []) async throws -> Int? {
        try await EventLoops.with(threads: 1) { loops -> Int? in
            let client = try WebSocketClient(group: loops, trust: .system)
            let address = try WebSocketURL(url)
            let connection: WebSocketConnection
            do throws(WebSocketError) {
                connection = try await client.connect(to: address, headers: headers) { Deaf() }
            } catch {
                return error.status
            }
            connection.close()
            try await connection.closed.get()
            return nil
        }
    }

    @Test(arguments: [nil, "Bearer wrong", "Bearer ", "Basic secret-one", "Bearer secret-one2"])
    func `without a valid token the upgrade gets 401`(field: String?) async throws {
        let tokens = try TemporaryFolder()
        let file = try tokens.write("tokens", text: "# of last year\nsecret-one\nsecret-two\n")
        let run = try await LiveServer.run {
            $0.source?.bearerTokenFile = file
        } _: { server in
            try await status(of: server.url, field.map { [("Authorization", $0)] } ?? [])
        }
        #expect(run.value == 401)
        #expect(run.report.server.streamsStarted == 0)
        #expect(run.report.server.unauthorized == 1)
    }

    @Test(arguments: ["secret-one", "secret-two"])
    func `a valid token is admitted`(token: String) async throws {
        let tokens = try TemporaryFolder()
        let file = try tokens.write("tokens", text: "secret-one\nsecret-two\n")
        let run = try await LiveServer.run {
            $0.source?.bearerTokenFile = file
        } _: { server in
            try await server.play { $0.receiver.bearer = token }
        }
        #expect(run.value.failures == [])
    }

    @Test func `tokens are replaced while the server runs`() async throws {
        let tokens = try TemporaryFolder()
        let file = try tokens.write("tokens", text: "secret-one\n")
        let run = try await LiveServer.run {
            $0.source?.bearerTokenFile = file
        } _: { server in
            let first = try await status(of: server.url, [("Authorization", "Bearer secret-two")])
            _ = try tokens.write("tokens", text: "secret-two\n")
            // The file is looked at once a second.
            try await Wait.until("the new token opens") {
                let later = try await status(of: server.url, [("Authorization", "Bearer secret-two")])
                return later == nil ? .done(()) : .seen("\(later ?? 0)")
            }
            return [first, try await status(of: server.url, [("Authorization", "Bearer secret-one")])]
        }
        #expect(run.value == [401, 401])
    }

    /// HMAC-SHA1 of `wss://media.example.org/media` with `demo_auth_token`, by OpenSSL.
    private static let signature = "/h1qmXY+T8BcFlf6kXemSpmNjZs="

    @Test(arguments: [
        ([("X-Twilio-Signature", signature)], nil), ([("X-Twilio-Signature", "AAAAAAAAAAAAAAAAAAAAAAAAAAA=")], 401),
        ([], 401), ([("X-Twilio-Signature", signature), ("Origin", "https://evil.example")], 403),
    ])
    func `Twilio's signature is admitted, and a forged one gets 401 before the upgrade`(
        headers: [(String, String)], expected: Int?
    ) async throws {
        let tokens = try TemporaryFolder()
        let file = try tokens.write("auth-tokens", text: "demo_auth_token\n")
        let run = try await LiveServer.run {
            $0.source?.upgradeTokenFiles["twilio"] = file
            $0.source?.publicURL = "wss://media.example.org"
        } _: { server in
            try await status(of: server.url, headers)
        }
        #expect(run.value == expected)
        #expect(run.report.server.streamsStarted == (expected == nil ? 1 : 0))
    }

    @Test func `an address at its limit gets 503`() async throws {
        let run = try await LiveServer.run {
            $0.source?.maxStreams = 10
            $0.source?.maxConnectionsPerAddress = 1
        } _: { server in
            try await EventLoops.with(threads: 1) { loops in
                let client = try WebSocketClient(group: loops, trust: .system)
                let first = try await client.connect(to: try WebSocketURL(server.url)) { Deaf() }
                let refused = try await status(of: server.url)
                first.close()
                try await first.closed.get()
                return refused
            }
        }
        #expect(run.value == 503)
        #expect(run.report.server.addressFull == 1 && run.report.server.full == 0)
    }

    @Test func `another path gets 404`() async throws {
        let run = try await LiveServer.run { try await status(of: $0.url + "/else") }
        #expect(run.value == 404)
    }

    @Test func `at the stream limit an upgrade gets 503, and a released slot is reused`()
        async throws
    {
        let run = try await LiveServer.run {
            $0.source?.maxStreams = 1
        } _: { server in
            try await EventLoops.with(threads: 1) { loops in
                let client = try WebSocketClient(group: loops, trust: .system)
                let url = try WebSocketURL(server.url)
                let first = try await client.connect(to: url) { Deaf() }
                let refused = try await status(of: server.url)
                first.close()
                try await first.closed.get()
                return (refused, try await status(of: server.url))
            }
        }
        #expect(run.value.0 == 503)
        #expect(run.value.1 == nil)
        #expect(run.report.server.full == 1)
        #expect(run.report.server.streamsOpen == 0)
    }
}

/// Ignores everything.
final class Deaf: WebSocketReceiver {
    func opened(_ connection: WebSocketConnection) {}
    func received(_ message: WireMessage, readAt: NIODeadline) {}
    func ended(_ end: WebSocketEnd) {}
}
