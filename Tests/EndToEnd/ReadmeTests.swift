import Foundation
import SidetoneAnalysis
import SidetoneCodecs
import SidetoneDialects
import SidetoneFiles
import SidetoneModel
import SidetoneServer
import SidetoneWebhooks
import Testing

/// What the README says can be done is done, and what there is stands in its tables.
@Suite(.serialized) struct ReadmeTests {
    static let text = (try? String(contentsOfFile: "\(Project.root)/README.md", encoding: .utf8)) ?? ""

    /// The arguments of every `sidetone` line in the blocks that begin with ```` ```sh ````.
    static let commands: [[String]] = {
        var commands: [[String]] = []
        var isShell = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("```") {
                isShell = line == "```sh"
                continue
            }
            guard isShell else { continue }
            let words = line.split(separator: " ").map(String.init)
            let command = words.first == "$" ? Array(words.dropFirst()) : words
            if command.first == "sidetone" { commands.append(Array(command.dropFirst())) }
        }
        return commands
    }()

    static let names: [String] =
        DialectCatalog.all.map { $0.name } + CodecCatalog.all.map { $0.encoding.rawValue }
        + FeatureCatalog.all.map { $0.name } + SpeechDetectorCatalog.all.map { $0.name }
        + SignalCatalog.all.map { $0.name } + FileSinks.all.map { $0.name }
        + [CallLogSink.name, WebSocketSourceSettings.name, WebhookSourceSettings.name]

    @Test func `there are commands`() { #expect(Self.commands.count >= 5) }

    @Test(arguments: commands)
    func `a command of the README does what it says`(arguments: [String]) async throws {
        let folder = try TemporaryFolder()
        for name in ["Samples", "Pipelines"] {
            try FileManager.default.copyItem(atPath: "\(Project.root)/\(name)", toPath: "\(folder.path)/\(name)")
        }
        let run = try await Program.run(arguments, in: folder.path)
        #expect(run.status == 0, "\(run.messages)")
        #expect(!run.output.isEmpty || !run.messages.isEmpty)
    }

    @Test(arguments: names)
    func `every component has a row in a table`(name: String) {
        #expect(Self.text.contains("\n| `\(name)` |"))
    }
}
