import Foundation
import NIOCore
import NIOPosix
import Testing

/// Runs every command of the `sh` blocks of the page, in order, in one folder.
@Suite struct DevelopWithoutAPhoneTests {
    static let page = "Sources/App/Command/Command.docc/DevelopWithoutAPhone.md"
    static let text = (try? String(contentsOfFile: "\(Project.root)/\(page)", encoding: .utf8)) ?? ""

    /// The lines of the blocks that begin with ```` ```sh ````.
    static let commands: [String] = {
        var commands: [String] = []
        var isShell = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
            if line.hasPrefix("```") {
                isShell = line == "```sh"
            } else if isShell {
                commands.append(line)
            }
        }
        return commands
    }()

    @Test func `the README links the page`() { #expect(ReadmeTests.text.contains("](\(Self.page))")) }

    @Test func `every command of the page works`() async throws {
        #expect(Self.commands.count >= 6)
        let folder = try TemporaryFolder()
        // Free ports instead of those on the page.
        let ports = try await Self.freePorts(2)
        let adapt = { (text: String) in
            text.replacingOccurrences(of: "8443", with: "\(ports[0])")
                .replacingOccurrences(of: "8444", with: "\(ports[1])")
        }
        for name in ["Samples", "Pipelines"] {
            try FileManager.default.copyItem(atPath: "\(Project.root)/\(name)", toPath: "\(folder.path)/\(name)")
        }
        let pipeline = try folder.text("Pipelines/without-a-phone.yaml")
        _ = try folder.write("Pipelines/without-a-phone.yaml", text: adapt(pipeline))
        var servers: [ShellCommand] = []
        defer { for server in servers { server.stop() } }
        var variables: [String: String] = [:]
        var outputs: [String: String] = [:]
        for command in Self.commands.map(adapt) {
            if command.hasSuffix(" &") {
                let server = try ShellCommand(String(command.dropLast(2)), in: folder.path, environment: variables)
                servers.append(server)
                try await server.waitFor(["listening on", "webhooks on"])
            } else if command.hasPrefix("kill ") {
                for server in servers {
                    server.stop()
                    let (status, output) = await server.finish()
                    #expect(status == 0, "\(output)")
                }
            } else {
                // A variable set by one line is available in the following ones, as in one shell.
                let name = String(command.prefix { $0.isLetter })
                let isAssignment = command.dropFirst(name.count).first == "="
                let shell = try ShellCommand(
                    isAssignment ? "\(command); printf %s \"$\(name)\"" : command, in: folder.path,
                    environment: variables)
                let (status, output) = await shell.finish()
                #expect(status == 0, "\(command)\n\(output)")
                if isAssignment { variables[name] = output } else { outputs[command] = output }
            }
        }
        let call = try #require(variables["call"])
        func output(_ start: String) throws -> String {
            try #require(outputs.first { $0.key.hasPrefix(start) }?.value, "\(start)")
        }
        // The expected results: answer, stream, webhooks, recording, rows, signals, one timeline.
        let played = try output("sidetone call ")
        #expect(played.contains("call \(call) completed"))
        for action in ["start_stream", "start_recording", "say", "gather", "stop_recording"] {
            #expect(played.split(separator: "\n").contains { $0.hasPrefix("\(action) ") && $0.hasSuffix(" done") })
        }
        #expect(played.contains("recording rec_\(call) completed"))
        #expect(try output("head -3 out/$call/*/inbound.csv").hasPrefix("start,end,"))
        #expect(try output("tail -3 out/$call/*/signals.jsonl").contains("\"type\":\"sidetone."))
        #expect(try output("cat recordings/").contains("\"status\":\"completed\""))
        #expect(try output("sidetone calls --directory").contains(call))
        let timeline = try output("sidetone calls $call").split(separator: "\n").map { line in
            line.split(separator: " ").dropFirst().prefix(2).joined(separator: " ")
        }
        for moment in [
            "answer actions.served", "webhook call.created", "webhook call.answered", "receiver stream.opened",
            "signal sidetone.stream.started.v1", "receiver media.first", "webhook recording.started",
            "webhook call.gathered", "webhook recording.completed", "receiver stream.ended", "webhook call.completed",
        ] {
            #expect(timeline.contains(moment), "\(moment) in \(timeline)")
        }
    }

    private static func freePorts(_ count: Int) async throws -> [Int] {
        var channels: [any Channel] = []
        for _ in 0..<count {
            channels.append(
                try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton).bind(
                    host: "127.0.0.1", port: 0
                ).get())
        }
        let ports = channels.compactMap { $0.localAddress?.port }
        for channel in channels { try await channel.close() }
        return ports
    }
}
