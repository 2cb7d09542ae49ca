import AsyncHTTPClient
import Hummingbird
import Logging
import NIOHTTP1
import NIOPosix
import SidetoneHTTP
import SidetoneModel
import Testing

@Suite(.timeLimit(.minutes(1))) struct HTTPListenerTests {
    @Test func `it answers at the port it names, until it is cancelled`() async throws {
        let router = Router()
        router.get("hello") { _, _ in "there" }
        let listener = try HTTPListener(
            address: ListenAddress(host: "127.0.0.1", port: 0), router: router,
            group: MultiThreadedEventLoopGroup.singleton, logger: Logger(label: "test"))
        let (ports, port) = AsyncStream.makeStream(of: Int.self)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await listener.run { port.yield($0) } }
            for await port in ports {
                let request = HTTPClientRequest(url: "http://127.0.0.1:\(port)/hello")
                let response = try await HTTPClient.shared.execute(request, timeout: .seconds(10))
                let body = try await response.body.collect(upTo: 100)
                #expect(response.status == .ok && String(buffer: body) == "there")
                break
            }
            group.cancelAll()
        }
    }
}
