import Foundation
import NIOCore
import NIOPosix
import Testing

/// The page says what to type; this types it: every command of its `sh` blocks, in order, in one folder.
@Suite struct DevelopWithoutAPhoneTests {
    static let page = "Sources/App/Assembly/Assembly.docc/DevelopWithoutAPhone.md"
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

    @Test func `README leads to the page`() { #expect(ReadmeTests.text.contains("](\(Self.page))")) }

    @Test func `every command of the page does what it says`() async throws {
        #expect(Self.commands.count >= 6)
        let folder = try TemporaryFolder()
        // Ports that are free, instead of those that people read.
        let ports = try await Self.freePorts(2)
        let adapt = { (text: String) in
            text.replacingOccurrences(of: "8443", with: "\(ports[0])")
                .replacingOccurrences(of: "8444", with: "\(ports[1])")
        }
        for name in ["Samples", "Pipelines"] {
            try FileManager.default.copyItem(atPath: "\(Project.root)/\(name)", toPath: "\(folder.path)/\(name)")
        }
        let pipeline = try folder.text("Pipelines/without-a-phone.yaml")
        _ = try folder.write("Pipelines/without-a-phone.yaml", adapt(pipeline))
        var servers: [Shell] = []
        defer { for server in servers { server.stop() } }
        for command in Self.commands.map(adapt) {
            if command.hasSuffix(" &") {
                let server = try Shell(String(command.dropLast(2)), in: folder.path)
                servers.append(server)
                try await server.waitFor(["listening on", "webhooks on"])
            } else {
                let shell = try Shell(command, in: folder.path)
                let (status, output) = await shell.finish()
                #expect(status == 0, "\(command)\n\(output)")
            }
        }
        for server in servers {
            server.stop()
            let (status, output) = await server.finish()
            #expect(status == 0, "\(output)")
        }
        #expect(folder.files.contains { $0.hasSuffix("/summary.json") })
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

/// One line of a page, run by the shell; `sidetone` is the program that was built with the tests.
private final class Shell: Sendable {
    private let process = Process()
    private let output = Pipe()
    private let ended: AsyncStream<Void>

    init(_ command: String, in folder: String) throws {
        let programs = URL(filePath: Program.path).deletingLastPathComponent().path
        process.executableURL = URL(filePath: "/bin/bash")
        // `exec` hands the signal that ends a server to the server itself.
        process.arguments = ["-c", command.hasPrefix("sidetone ") ? "exec \(command)" : command]
        process.currentDirectoryURL = URL(filePath: folder)
        var environment = ProcessInfo.processInfo.environment
        environment["PATH"] = "\(programs):\(environment["PATH"] ?? "/usr/bin")"
        process.environment = environment
        process.standardOutput = output
        process.standardError = output
        process.standardInput = FileHandle.nullDevice
        ended = Program.ended(process)
        try process.run()
    }

    struct Silent: Error { var output: String }

    /// Reads until all of the words were said.
    @concurrent func waitFor(_ words: [String]) async throws {
        var said = ""
        while !words.allSatisfy(said.contains) {
            let data = output.fileHandleForReading.availableData
            guard !data.isEmpty else { throw Silent(output: said) }
            said += String(decoding: data, as: UTF8.self)
        }
    }

    @concurrent func finish() async -> (status: Int32, output: String) {
        let data = (try? output.fileHandleForReading.readToEnd()) ?? Data()
        for await _ in ended {}
        return (process.terminationStatus, String(decoding: data, as: UTF8.self))
    }

    func stop() { process.terminate() }
}
