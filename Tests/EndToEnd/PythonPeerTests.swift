import Foundation
import Testing

/// An independent platform: Python's `websockets` plays a call.
@Suite(.serialized) struct PythonPeerTests {
    @Test func `a call played by Python over TLS gives the rows of its recording`() async throws {
        let offline = try await Offline.analyze(Project.sample("overtalk.wav"))
        let live = try await LiveServer.run(tls: true) { server in
            try await Peer.run(
                "play_call.py",
                arguments: [
                    server.url, server.ca ?? "", Project.sample("overtalk-inbound.wav"),
                    Project.sample("overtalk-outbound.wav"),
                ])
        }
        #expect(live.value.status == 0, "\(live.value.messages)")
        for file in ["inbound.csv", "outbound.csv"] {
            let reference = try offline.bytes("overtalk/\(file)")
            #expect(try live.output.bytes("CApython/MZpython/\(file)") == reference)
        }
    }

    @Test func `numpy, pandas and DuckDB read the rows back`() async throws {
        let results = try await Offline.analyze(Project.sample("overtalk-inbound.wav"), sinks: ["csv", "npy", "rows"])
        let peer = try await Peer.run("read_back.py", arguments: ["\(results.path)/overtalk-inbound"])
        #expect(peer.status == 0, "\(peer.messages)")
    }

    @Test func `SignalWire's SDK accepts the flows in SWML`() async throws {
        let folder = "\(Project.root)/Samples/flows/swml"
        let files = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".json") }
        let right = try await Peer.run("check_flows.py", arguments: files.sorted().map { "\(folder)/\($0)" })
        #expect(right.status == 0, "\(right.output)\(right.messages)")
        let own = try TemporaryFolder()
        let wrong = try own.write(
            "wrong.json", text: #"{"sections": {"main": [{"stream": {"url": "wss://a", "track": "inbound"}}]}}"#)
        #expect(try await Peer.run("check_flows.py", arguments: [wrong]).status == 1)
    }
}
