import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOPosix
import SidetoneHTTP
import SidetoneModel
import Synchronization

/// Serves documents on a free loopback port for the duration of a closure.
struct DocumentServer: Sendable {
    /// Without a trailing slash.
    let url: String
    private let log: RequestLog

    /// The requests: method, path and body, one per line.
    var requests: [String] { log.lines.withLock { $0 } }

    /// The header fields of each request.
    var headers: [HTTPFields] { log.headers.withLock { $0 } }

    private final class RequestLog: Sendable {
        let lines = Mutex([String]())
        let headers = Mutex([HTTPFields]())
    }

    /// - Parameter documents: by path, such as `evening.json`; a text that begins with `http` is the target of a redirect.
    static func run<Value: Sendable>(
        _ documents: [String: String], work: @Sendable @escaping (DocumentServer) async throws -> Value
    ) async throws -> Value {
        let log = RequestLog()
        let router = Router()
        for (path, text) in documents {
            for method in [HTTPRequest.Method.get, .post] {
                router.on(RouterPath(path), method: method) { request, _ -> Response in
                    let body = String(buffer: try await request.body.collect(upTo: 65_536))
                    log.headers.withLock { $0.append(request.headers) }
                    log.lines.withLock { $0.append("\(method.rawValue) /\(path) \(body)") }
                    guard !text.hasPrefix("http") else {
                        return Response(status: .found, headers: [.location: text])
                    }
                    return Response(status: .ok, body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
                }
            }
        }
        let listener = HTTPListener(
            address: ListenAddress(host: "127.0.0.1", port: 0), router: router,
            group: MultiThreadedEventLoopGroup.singleton, logger: Logger(label: "test"))
        let (ports, port) = AsyncStream.makeStream(of: Int.self)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                defer { port.finish() }
                try await listener.run { port.yield($0) }
            }
            defer { group.cancelAll() }
            for await port in ports {
                return try await work(DocumentServer(url: "http://127.0.0.1:\(port)", log: log))
            }
            throw NotReady()
        }
    }

    struct NotReady: Error {}
}
