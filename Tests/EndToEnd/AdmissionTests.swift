import NIOCore
import SidetoneAssembly
import SidetoneCallFlow
import SidetoneModel
import SidetonePipeline
import SidetoneServer
import SidetoneWebSocket
import Testing

/// Who is let in, and what those are told who are not.
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
    func `without a valid token the upgrade is answered 401`(field: String?) async throws {
        let tokens = try TemporaryFolder()
        let file = try tokens.write("tokens", "# of last year\nsecret-one\nsecret-two\n")
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
    func `a valid token opens`(token: String) async throws {
        let tokens = try TemporaryFolder()
        let file = try tokens.write("tokens", "secret-one\nsecret-two\n")
        let run = try await LiveServer.run {
            $0.source?.bearerTokenFile = file
        } _: { server in
            try await server.play { $0.bearer = token }
        }
        #expect(run.value.failures == [])
    }

    @Test func `another path is answered 404`() async throws {
        let run = try await LiveServer.run { try await status(of: $0.url + "/else") }
        #expect(run.value == 404)
    }

    @Test func `when all places are taken the upgrade is answered 503, and a place that is free again is given`()
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

/// Hears nothing.
final class Deaf: WebSocketReceiver {
    func opened(_ connection: WebSocketConnection) {}
    func received(_ message: WireMessage, readAt: NIODeadline) {}
    func ended(_ end: WebSocketEnd) {}
}
