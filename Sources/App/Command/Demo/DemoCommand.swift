import ArgumentParser
import Foundation
package import Logging
import SidetoneAnalysis
import SidetoneConfiguration
import SidetoneModel
import SidetonePipeline
import SidetoneServer
import SidetoneService
import Synchronization
import UnixSignals

/// The live pipeline on loopback with TLS, and an emulated call that streams to it, in one process.
package struct DemoCommand: Sendable {
    package struct Track: Sendable {
        package var role: String
        package var seconds: Double
        package var rows: Int64
        package var speechSeconds: Double
        package var levelDBFS: Double
        package var packets: Int
        package var gaps: Int
    }

    package struct Report: Sendable {
        package var tracks: [Track] = []
        package var signals: [(name: String, count: Int)] = []
        /// Output files, relative to the output directory.
        package var files: [String] = []
        package var failure: String?
    }

    private let pace: String
    private let output: String
    private let waits: Bool
    private let logger: Logger

    /// - Parameter waits: whether the pipeline and its dashboard keep running after the call, until SIGINT or SIGTERM.
    package init(pace: String, output: String, waits: Bool = false, logger: Logger) {
        self.pace = pace
        self.output = output
        self.waits = waits
        self.logger = logger
    }

    /// - Parameter say: called with each line of progress.
    package func run(_ say: @escaping @Sendable (String) -> Void) async throws -> Report {
        let root = try ProjectFolder.find()
        let certificates = FileManager.default.temporaryDirectory.appending(path: "sidetone-demo-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: certificates) }
        let certificate = try SelfSignedCertificate.write(to: certificates.path)

        var settings = try PipelineFile.read("\(root)/Pipelines/live-monitor.yaml")
        settings.source?.listen = "127.0.0.1:0"
        settings.source?.certificate = certificate.certificate
        settings.source?.key = certificate.key
        // The demo may play faster than real time.
        settings.source?.maxLeadS = 0
        settings.direct(to: output)
        for index in settings.sinks.indices where settings.sinks[index].name == "monitor" {
            settings.sinks[index].values["listen"] = .text("127.0.0.1:0")
        }

        let observer = DemoSink(say: say)
        let live = try LivePipeline(settings, extraSinks: [observer], handlesSignals: false, logger: logger)
        let (ready, continuation) = AsyncStream.makeStream(of: String.self, bufferingPolicy: .bufferingNewest(1))
        let pipeline = Task {
            defer { continuation.finish() }
            return try await live.run(threads: 1, announce: say, ready: { continuation.yield($0.url) })
        }
        var failure: String?
        for await url in ready {
            say("receiver  \(url)")
            let signals = waits ? await UnixSignalsSequence(trapping: .sigint, .sigterm) : nil
            failure = await play(to: url, root: root, ca: certificate.certificate, say)
            if let signals {
                say("the dashboard remains open until Ctrl-C")
                for await _ in signals { break }
            }
            break
        }
        await live.stop()
        let outcome = try await pipeline.value
        if !outcome.isWhole { failure = failure ?? "some output could not be written" }
        var report = await observer.report()
        report.files = await observer.folder.map { list("\(output)/\($0)") } ?? []
        report.failure = failure
        return report
    }

    private func play(
        to url: String, root: String, ca: String, _ say: @Sendable (String) -> Void
    ) async -> String? {
        say(
            "platform  twilio, PCMU 8 kHz, both tracks, \(pace == "max" ? "as fast as possible" : "\(pace) × real time")"
        )
        let samples = "\(root)/Samples/calls/overtalk"
        do {
            let options = try CallOptions.parse([
                "--url", url, "--inbound", "\(samples)-inbound.wav", "--outbound", "\(samples)-outbound.wav",
                "--pace", pace, "--ca", ca,
            ])
            return try await MediaCallCommand(options).run().failures.first
        } catch { return "\(error)" }
    }

    private func list(_ folder: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.sorted().map { "\(folder)/\($0)" }
    }
}
