import Foundation
import SidetoneConfiguration
import SidetoneEmulator
import SidetoneModel
import SidetonePipeline
import SidetonePlayback
import SidetoneServer
import SidetoneService
import SidetoneWebhooks
import Testing

/// Every shipped pipeline file can be loaded and run.
@Suite(.serialized) struct PipelineFileTests {
    static let names: [String] = {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: "\(Project.root)/Pipelines")) ?? []
        return files.filter { $0.hasSuffix(".yaml") }.sorted()
    }()

    @Test func `there are pipelines`() { #expect(Self.names.count >= 3) }

    @Test(arguments: names)
    func `a shipped pipeline runs on the samples`(name: String) async throws {
        let path = "\(Project.root)/Pipelines/\(name)"
        let text = try String(contentsOfFile: path, encoding: .utf8)
        #expect(text.hasPrefix("# "))
        #expect(text.split(separator: "\n")[1].hasPrefix("# Run: sidetone "))
        let shipped = try PipelineFile.read(path)
        guard shipped.source != nil else {
            let output = try TemporaryFolder()
            let run = try await Program.run(["analyze", "Samples/calls", "--pipeline", path, "-o", output.path])
            #expect(run.status == 0, "\(run.messages)")
            #expect(output.files.contains("overtalk/inbound.csv"))
            return
        }
        let call = try WireCall(seconds: 2)
        let keys = try TemporaryFolder()
        let key = try keys.write("key", text: "demo-key\n")
        let run = try await LiveServer.run {
            let (source, output) = ($0.source, $0.directories)
            $0 = shipped
            $0.source?.listen = "127.0.0.1:0"
            $0.source?.allowPlaintext = source?.allowPlaintext ?? true
            if let directory = output.first { $0.direct(to: directory) }
            $0.source?.bearerTokenFile = ""
            $0.webhooks?.listen = "127.0.0.1:0"
            $0.webhooks?.allowPlaintext = true
            for index in $0.sinks.indices where $0.sinks[index].name == "monitor" {
                $0.sinks[index].values["listen"] = .text("127.0.0.1:0")
            }
            $0.webhooks?.keyFiles["minivoice"] = key
            $0.source?.callTokens = "none"
            $0.webhooks?.answerDocuments = "\(Project.root)/\(shipped.webhooks?.answerDocuments ?? "")"
        } _: {
            try await call.send(to: $0)
        }
        #expect(run.value.failure == nil)
        #expect(run.report.isWhole)
        let written = run.output.files.map { $0.split(separator: "/").last.map(String.init) ?? "" }
        let expected = [
            "wav": "inbound.wav", "csv": "inbound.csv", "jsonl": "signals.jsonl", "capture": "capture.jsonl",
            "log": "receiver.jsonl",
        ]
        for sink in shipped.sinks {
            if let file = expected[sink.name] { #expect(written.contains(file), "\(sink.name)") }
        }
        #expect(written.count >= shipped.sinks.count)
    }
}
