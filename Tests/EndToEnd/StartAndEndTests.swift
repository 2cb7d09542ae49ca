import Foundation
import SidetoneConfiguration
import SidetoneModel
import SidetonePipeline
import SidetonePlayback
import SidetoneServer
import SidetoneService
import Synchronization
import Testing

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// The program starts or reports why it cannot, and nothing prevents its end.
@Suite(.serialized, .timeLimit(.minutes(2))) struct StartAndEndTests {
    enum Listener: String, CaseIterable, Sendable { case media, webhooks, monitor }

    @Test(arguments: Listener.allCases)
    func `a listener on a port in use ends the program with the reason and status 2`(listener: Listener) async throws {
        let taken = try TakenPort()
        let folder = try TemporaryFolder()
        func address(_ name: Listener) -> String { "127.0.0.1:\(name == listener ? taken.port : 0)" }
        let file = try folder.write(
            "live.yaml",
            text: """
                sources:
                  - websocket: { listen: "\(address(.media))", allow_plaintext: true, drain_timeout_s: 3600 }
                  - webhooks: { listen: "\(address(.webhooks))", allow_plaintext: true, allow_unsigned: [minivoice] }
                stages:
                  - measure: { features: [level] }
                sinks:
                  - csv: { directory: "\(folder.path)/out" }
                  - store: { directory: "\(folder.path)/out" }
                  - monitor: { listen: "\(address(.monitor))" }
                """)
        let result = try await Program.run(["serve", file, "--threads", "1"])
        #expect(result.status == 2)
        let reason = result.messages.split(separator: "\n").first { $0.hasPrefix("sidetone: ") }
        #expect(reason?.contains("127.0.0.1:\(taken.port)") == true, "\(result.messages)")
        #expect(reason?.contains("in use") == true, "\(result.messages)")
        // The media listener starts last: no client was invited to connect.
        #expect(!result.messages.contains("listening on"))
    }

    @Test func `with too few descriptors fewer streams are admitted, which is reported at start-up`() async throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(
            "live.yaml",
            text: """
                sources:
                  - websocket: { listen: "127.0.0.1:0", allow_plaintext: true, max_streams: 400 }
                stages:
                  - measure: { features: [level] }
                sinks:
                  - wav: { directory: "\(folder.path)/out" }
                  - csv: { directory: "\(folder.path)/out" }
                """)
        // The hard limit: the program raises the soft limit automatically.
        let serve = try ShellCommand("ulimit -Sn 128; ulimit -Hn 512; exec sidetone serve \(file)", in: folder.path)
        let said = try await serve.waitFor(["listening on"])
        #expect(
            said.contains("warning: max_streams is 400, and each stream needs 7 of the 512 file descriptors"), "\(said)"
        )
        serve.stop()
        #expect(await serve.finish().status == 0)
    }

    @Test func `a sink that is stuck in a write does not keep the pipeline from ending`() async throws {
        let stuck = StuckSink()
        defer { stuck.release() }
        let call = try WireCall(seconds: 1)
        // The suite's time limit ends a pipeline that the sink keeps alive.
        let run = try await LiveServer.run(extraSinks: [stuck], adjust: { $0.source?.drainTimeoutS = 2 }) { server in
            _ = try await call.send(to: server)
            try await Wait.until("the sink is stuck in a write", seen: { "no write" }) { stuck.isStuck }
        }
        #expect(!run.report.isWhole)
        let report = try #require(run.report.sinks.first { $0.sink == "stuck" })
        #expect(report.lastFailure?.contains("abandoned") == true)
        // The others are complete.
        #expect(try run.output.text("\(WireCall.folder)/summary.json").contains("\"reason\":\"stop\""))
        #expect(try Samples.read("\(run.output.path)/\(WireCall.folder)/inbound.wav").count == 8_000)
    }

    @Test func `a listener that fails after its start is restarted while calls continue`() async throws {
        let failing = FailingListener(failures: 2)
        let call = try WireCall(seconds: 1)
        let run = try await LiveServer.run(extraSinks: [failing]) { server in
            _ = try await call.send(to: server)
            // At most two delays of half a second and one second.
            await failing.startedAgain()
            _ = try await call.send(to: server)
        }
        #expect(run.report.isWhole)
        for folder in [WireCall.folder, WireCall.folder + "-2"] {
            #expect(try run.output.text("\(folder)/summary.json").contains("\"reason\":\"stop\""))
        }
    }
}

/// A port in use.
final class TakenPort: Sendable {
    let port: Int
    private let descriptor: Int32

    struct Failed: Error {}

    init() throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let (file, size) = (descriptor, length)
        let result = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { general in
                bind(file, general, size) == 0 && listen(file, 1) == 0 && getsockname(file, general, &length) == 0
            }
        }
        port = Int(UInt16(bigEndian: address.sin_port))
        guard result else { throw Failed() }
    }

    deinit { close(descriptor) }
}

/// A sink whose write blocks its thread until it is released.
private final class StuckSink: Sink {
    static let name = "stuck"
    let kinds: PipelineItem.Kinds = .signals
    private let thread = QueueExecutor(label: "tests.stuck")
    var executor: QueueExecutor? { thread }
    private let state = Mutex((isStuck: false, isReleased: false))
    private let semaphore = DispatchSemaphore(value: 0)

    var isStuck: Bool { state.withLock { $0.isStuck } }

    func release() {
        state.withLock { $0.isReleased = true }
        semaphore.signal()
    }

    func write(_ items: [PipelineItem]) async throws { block() }
    func close() async throws {}

    private func block() {
        let isReleased = state.withLock { state in
            state.isStuck = true
            return state.isReleased
        }
        if !isReleased { semaphore.wait() }
    }
}

/// A sink with a listener that fails a number of times after it has started.
private final class FailingListener: ServingSink {
    static let name = "failing"
    let kinds: PipelineItem.Kinds = []
    private let failures: Int
    private let starts = Mutex(0)
    private let wake = WakeSignal()

    struct Failure: Error {}

    init(failures: Int) { self.failures = failures }

    func write(_ items: [PipelineItem]) async throws {}
    func close() async throws {}

    func run(
        beside others: [any PipelineSink], status: @escaping @Sendable () -> PipelineStatus,
        ready: @escaping @Sendable (String) -> Void
    ) async throws {
        ready("it listens")
        let count = starts.withLock { count in
            count += 1
            return count
        }
        if count <= failures { throw Failure() }
        wake.signal()
        let forever = WakeSignal()
        while !Task.isCancelled { await forever.wait() }
    }

    func startedAgain() async { await wake.wait() }
}
