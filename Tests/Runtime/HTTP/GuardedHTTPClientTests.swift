import Foundation
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOPosix
import NIOSSL
import SidetoneHTTP
import SidetoneModel
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(1))) struct GuardedHTTPClientTests {
    private static let group = MultiThreadedEventLoopGroup.singleton

    /// The pair of files that the WebSocket tests have.
    private static func certificate(_ name: String) -> String {
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "WebSocket/Certificates/\(name).pem").path()
    }

    /// Serves on a free port of this machine as long as `body` runs.
    private func serving<Value: Sendable>(
        tls: NIOSSLContext? = nil, router: Router<BasicRequestContext>,
        body: @escaping @Sendable (Int) async throws -> Value
    ) async throws -> Value {
        let listener = HTTPListener(
            address: ListenAddress(host: "127.0.0.1", port: 0), tls: tls.map { context in { @Sendable in context } },
            router: router,
            group: Self.group,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let (ports, port) = AsyncStream.makeStream(of: Int.self)
        return try await withThrowingTaskGroup(of: Value?.self) { tasks in
            tasks.addTask {
                try await listener.run { port.yield($0) }
                return nil
            }
            defer { tasks.cancelAll() }
            for await port in ports { return try await body(port) }
            throw CancellationError()
        }
    }

    private func failure(_ client: GuardedHTTPClient, request: WebRequest) async -> WebError? {
        do throws(WebError) {
            _ = try await client.send(request)
            return nil
        } catch { return error }
    }

    @Test func `a request and its response are transferred completely`() async throws {
        let router = Router()
        router.post("echo") { request, context in
            let body = try await request.body.collect(upTo: 10_000)
            let own = request.headers[.init("X-Own")!] ?? ""
            return Response(
                status: .accepted, headers: [.init("X-Echo")!: "\(own) \(request.uri.query ?? "")"],
                body: .init(byteBuffer: body))
        }
        try await serving(router: router) { port in
            let client = GuardedHTTPClient(gate: AddressGuard(allowsLoopback: true), group: Self.group)
            for _ in 0..<3 {
                let answer = try await client.send(
                    WebRequest(
                        "POST", "http://localhost:\(port)/echo?a=b", headers: [("X-Own", "mine")],
                        body: Array("hello".utf8)))
                #expect(answer.status == 202 && answer.isSuccess && answer.body == Array("hello".utf8))
                #expect(answer[header: "x-echo"] == "mine a=b")
            }
            await client.close()
        }
    }

    @Test func `a redirect is returned, not followed`() async throws {
        let router = Router()
        router.get("away") { _, _ in Response.redirect(to: "http://127.0.0.1:1/", type: .temporary) }
        try await serving(router: router) { port in
            let client = GuardedHTTPClient(gate: AddressGuard(allowsLoopback: true), group: Self.group)
            let answer = try await client.send(WebRequest("GET", "http://127.0.0.1:\(port)/away"))
            #expect(answer.status == 307 && answer[header: "Location"] == "http://127.0.0.1:1/")
            await client.close()
        }
    }

    @Test func `a response that is too large or never ends is abandoned`() async throws {
        let router = Router()
        router.get("large") { _, _ in String(repeating: "x", count: 5_000) }
        // Begins to answer, and says no more until the client has given up.
        let (given, givenUp) = AsyncStream.makeStream(of: Void.self)
        router.get("slow") { _, _ in
            Response(
                status: .ok,
                body: ResponseBody { writer in
                    try await writer.write(ByteBuffer(string: "."))
                    for await _ in given {}
                    try await writer.finish(nil)
                })
        }
        try await serving(router: router) { port in
            var limits = WebLimits()
            limits.answerBytes = 4_999
            limits.seconds = 0.4
            let client = GuardedHTTPClient(gate: AddressGuard(allowsLoopback: true), limits: limits, group: Self.group)
            let large = await failure(client, request: WebRequest("GET", "http://127.0.0.1:\(port)/large"))
            #expect(large?.code == .tooLarge)
            let slow = await failure(client, request: WebRequest("GET", "http://127.0.0.1:\(port)/slow"))
            #expect(slow?.code == .timedOut)
            givenUp.finish()
            await client.close()
        }
    }

    @Test func `a name that later resolves elsewhere has no effect on a checked request`()
        async throws
    {
        let router = Router()
        router.get("who") { request, _ in request.head.authority ?? "" }
        try await serving(router: router) { port in
            let looks = Mutex(0)
            // The first look gives this machine; every later one a place that must never be connected to.
            let gate = AddressGuard(allowsLoopback: true) { _, port in
                let look = looks.withLock { looks in
                    looks += 1
                    return looks
                }
                return [try SocketAddress(ipAddress: look == 1 ? "127.0.0.1" : "10.255.255.1", port: port)]
            }
            let client = GuardedHTTPClient(gate: gate, group: Self.group)
            let answer = try await client.send(WebRequest("GET", "http://rebinding.example:\(port)/who"))
            // Answered: so nobody but the guard looked the name up, and the server still hears the name.
            #expect(String(decoding: answer.body, as: UTF8.self) == "rebinding.example:\(port)")
            #expect(looks.withLock { $0 } == 1)
            let second = await failure(client, request: WebRequest("GET", "http://rebinding.example:\(port)/who"))
            #expect(second?.code == .refused)
            await client.close()
        }
    }

    @Test func `after a failed connection the next address is tried`() async throws {
        let router = Router()
        router.get("here") { _, _ in "yes" }
        try await serving(router: router) { port in
            // The server listens at 127.0.0.1 alone.
            let gate = AddressGuard(
                allowsLoopback: true, resolver: AddressGuardTests.leading(to: "127.0.0.2", "127.0.0.1"))
            let client = GuardedHTTPClient(gate: gate, group: Self.group)
            let answer = try await client.send(WebRequest("GET", "http://twofold.example:\(port)/here"))
            #expect(answer.status == 200)
            let nobody = await failure(client, request: WebRequest("GET", "http://twofold.example:1/here"))
            #expect(nobody?.code == .cannotConnect)
            await client.close()
        }
    }

    @Test func `a certificate is verified against the name, not the address`() async throws {
        let chain = try NIOSSLCertificate.fromPEMFile(Self.certificate("other.example"))
        let key = try NIOSSLPrivateKey(file: Self.certificate("other.example.key"), format: .pem)
        let tls = try NIOSSLContext(
            configuration: .makeServerConfiguration(
                certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key)))
        let router = Router()
        router.get("in") { _, _ in "yes" }
        try await serving(tls: tls, router: router) { port in
            var trust = TLSConfiguration.makeClientConfiguration()
            trust.trustRoots = .certificates(chain)
            let gate = AddressGuard(allowsLoopback: true, resolver: AddressGuardTests.leading(to: "127.0.0.1"))
            let client = GuardedHTTPClient(gate: gate, tls: trust, group: Self.group)
            let right = try await client.send(WebRequest("GET", "https://other.example:\(port)/in"))
            #expect(right.status == 200)
            let wrong = await failure(
                client, request: WebRequest("GET", "https://another.example:\(port)/in?token=hush"))
            #expect(wrong?.code == .cannotConnect)
            #expect(wrong?.detail.contains("hush") == false)
            await client.close()
        }
    }
}
