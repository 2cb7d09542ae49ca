import Foundation
import Testing

/// A platform that nobody here wrote: Python's `websockets` plays a call.
@Suite(.serialized) struct PythonPeerTests {
    static let python = "\(Project.root)/.venv-peers/bin/python"
    static var isInstalled: Bool { FileManager.default.isExecutableFile(atPath: python) }

    @Test(.enabled(if: isInstalled, "Python's websockets is not installed here: run .ci/peers"))
    func `a call played by Python over TLS gives the rows of its recording`() async throws {
        let offline = try await Offline.analyze(Project.sample("overtalk.wav"))
        let live = try await LiveServer.run(tls: true) { server in
            let process = Process()
            process.executableURL = URL(filePath: Self.python)
            process.arguments = [
                "\(Project.root)/Tests/EndToEnd/Peers/play_call.py", server.url, server.ca ?? "",
                Project.sample("overtalk-inbound.wav"), Project.sample("overtalk-outbound.wav"),
            ]
            let ended = Program.ended(process)
            try process.run()
            for await _ in ended {}
            return process.terminationStatus
        }
        #expect(live.value == 0)
        for file in ["inbound.csv", "outbound.csv"] {
            let reference = try offline.bytes("overtalk/\(file)")
            #expect(try live.output.bytes("CApython/MZpython/\(file)") == reference)
        }
    }

    @Test(.enabled(if: isInstalled, "Python's numpy, pandas and DuckDB are not installed here: run .ci/peers"))
    func `numpy, pandas and DuckDB read the rows back`() async throws {
        let results = try await Offline.analyze(Project.sample("overtalk-inbound.wav"), sinks: ["csv", "npy", "rows"])
        let process = Process()
        process.executableURL = URL(filePath: Self.python)
        process.arguments = [
            "\(Project.root)/Tests/EndToEnd/Peers/read_back.py", "\(results.path)/overtalk-inbound",
        ]
        let ended = Program.ended(process)
        try process.run()
        for await _ in ended {}
        #expect(process.terminationStatus == 0)
    }

    static let hasSDK =
        isInstalled
        && ((try? FileManager.default.contentsOfDirectory(atPath: "\(Project.root)/.venv-peers/lib")) ?? []).contains {
            FileManager.default.fileExists(
                atPath: "\(Project.root)/.venv-peers/lib/\($0)/site-packages/signalwire/schema.json")
        }

    @Test(.enabled(if: hasSDK, "SignalWire's SDK is not installed here: run .ci/peers"))
    func `SignalWire's own SDK takes the flows in SWML`() async throws {
        let folder = "\(Project.root)/Samples/flows/swml"
        let files = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".json") }
        #expect(try await Self.check(files.sorted().map { "\(folder)/\($0)" }) == 0)
        let own = try TemporaryFolder()
        let wrong = try own.write(
            "wrong.json", #"{"sections": {"main": [{"stream": {"url": "wss://a", "track": "inbound"}}]}}"#)
        #expect(try await Self.check([wrong]) == 1)
    }

    private static func check(_ files: [String]) async throws -> Int32 {
        let process = Process()
        process.executableURL = URL(filePath: python)
        process.arguments = ["\(Project.root)/Tests/EndToEnd/Peers/check_flows.py"] + files
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        let ended = Program.ended(process)
        try process.run()
        for await _ in ended {}
        return process.terminationStatus
    }
}
