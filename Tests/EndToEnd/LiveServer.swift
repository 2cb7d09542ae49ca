import ArgumentParser
import Foundation
import Logging
import SidetoneConfiguration
import SidetoneEmulator
import SidetoneModel
import SidetonePipeline
import SidetonePlayback
import SidetoneServer
import SidetoneService
import sidetone

/// A live pipeline in this process, listening on a free loopback port for the duration of a closure.
struct LiveServer: Sendable {
    let url: String
    /// The certificate to trust; nil without TLS.
    let ca: String?
    let server: MediaServer
    /// The output directory of the sinks.
    let output: TemporaryFolder
    /// Announcements of serving sinks, such as the monitor's URL.
    let announcements: AsyncStream<String>

    static let sinks = ["capture", "csv", "jsonl", "summary", "wav"]

    /// Runs a pipeline during a closure, then stops it and waits for its end.
    ///
    /// - Parameter adjust: changes the settings, such as a token or a limit.
    @discardableResult
    static func run<Value: Sendable>(
        tls: Bool = false, sinks: [String] = sinks, extraSinks: [any PipelineSink] = [],
        adjust: (inout PipelineSettings) -> Void = { _ in },
        _ work: @Sendable @escaping (LiveServer) async throws -> Value
    ) async throws -> (value: Value, output: TemporaryFolder, report: LivePipeline.Report) {
        let output = try TemporaryFolder()
        var settings = PipelineSettings()
        var source = WebSocketSourceSettings()
        source.listen = "127.0.0.1:0"
        source.allowPlaintext = !tls
        source.drainTimeoutS = 60
        // Tests play faster than real time.
        source.maxLeadS = 0
        var ca: String?
        if tls {
            let pair = try SelfSignedCertificate.write(to: "\(output.path)/.certificate")
            source.certificate = pair.certificate
            source.key = pair.key
            ca = pair.certificate
        }
        settings.source = source
        settings.sinks = sinks.map { SinkSettings(name: $0, values: [:]) }
        settings.direct(to: output.path)
        adjust(&settings)
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let live = try LivePipeline(settings, extraSinks: extraSinks, handlesSignals: false, logger: logger)
        let (ready, continuation) = AsyncStream.makeStream(of: MediaServer.self, bufferingPolicy: .bufferingNewest(1))
        let (announcements, said) = AsyncStream.makeStream(of: String.self)
        let pipeline = Task {
            defer {
                continuation.finish()
                said.finish()
            }
            return try await live.run(threads: 1, announce: { said.yield($0) }, ready: { continuation.yield($0) })
        }
        var result: Result<Value, any Error>?
        for await server in ready {
            let running = LiveServer(
                url: server.url, ca: ca, server: server, output: output, announcements: announcements)
            do { result = .success(try await work(running)) } catch { result = .failure(error) }
            break
        }
        await live.stop()
        let report = try await pipeline.value
        guard let result else { throw NotReady() }
        return (try result.get(), output, report)
    }

    struct NotReady: Error {}

    /// The server hears of an end later than its peer, and a stream is open until all of it is emitted.
    func waitUntilNoStreamIsOpen() async throws {
        try await Wait.until("no stream is open", seen: { "\(server.counts.streamsOpen) open" }) {
            server.counts.streamsOpen == 0
        }
    }

    /// Plays the overtalk sample into it.
    func play(_ adjust: (inout CallOptions) -> Void = { _ in }) async throws -> MediaCallCommand.Report {
        var options = try CallOptions.parse([])
        options.url = url
        options.receiver.trust.ca = ca
        options.pace = "max"
        options.inbound = Project.sample("overtalk-inbound.wav")
        options.outbound = Project.sample("overtalk-outbound.wav")
        adjust(&options)
        return try await MediaCallCommand(options).run()
    }
}

extension TemporaryFolder {
    /// The relative path of the results of the only stream.
    var onlyStream: String {
        get throws {
            let files = files.filter { $0.hasSuffix("/inbound.wav") }
            guard files.count == 1, let file = files.first else { throw NotOne(files: files) }
            return String(file.dropLast("/inbound.wav".count))
        }
    }

    struct NotOne: Error { var files: [String] }
}

/// The results of `analyze` for the recordings.
enum Offline {
    static func analyze(_ path: String, sinks: [String] = ["csv", "jsonl", "summary"]) async throws -> TemporaryFolder {
        let output = try TemporaryFolder()
        var settings = PipelineSettings()
        settings.sinks = sinks.map { SinkSettings(name: $0, values: [:]) }
        settings.direct(to: output.path)
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let inputs = try AnalysisInput.find([path], raw: nil).inputs
        let outcomes = try await OfflineAnalysis(settings, jobs: 1, logger: logger).run(inputs) { _, _ in }
        for outcome in outcomes { if let failure = outcome.failure { throw Failed(description: failure) } }
        return output
    }

    struct Failed: Error, CustomStringConvertible { var description: String }
}
