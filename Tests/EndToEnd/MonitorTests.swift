import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import SidetoneConfiguration
import SidetoneModel
import SidetonePipeline
import SidetonePlayback
import SidetoneServer
import Testing
import sidetone

/// A pipeline with the monitor, observed by independent programs.
@Suite(.serialized) struct MonitorTests {
    private static let sinks = ["csv", "jsonl", "summary", "wav", "store", "monitor"]
    /// Runs a pipeline and passes on the URL of its monitor.
    private func run<Value: Sendable>(
        _ work: @Sendable @escaping (LiveServer, String) async throws -> Value
    ) async throws -> (value: Value, output: TemporaryFolder) {
        let run = try await LiveServer.run(
            sinks: Self.sinks,
            adjust: { settings in
                // The call of a test may go on when the test has seen enough.
                settings.source?.drainTimeoutS = 2
                for index in settings.sinks.indices where settings.sinks[index].name == "monitor" {
                    settings.sinks[index].values["listen"] = .text("127.0.0.1:0")
                }
            },
            { (server: LiveServer) async throws -> Value in
                for await said in server.announcements where said.hasPrefix("monitor on ") {
                    return try await work(server, String(said.dropFirst("monitor on ".count).dropLast()))
                }
                throw LiveServer.NotReady()
            })
        return (run.value, run.output)
    }

    private func get(_ url: String, range: String? = nil) async throws -> [UInt8] {
        var request = HTTPClientRequest(url: url)
        if let range { request.headers.replaceOrAdd(name: "Range", value: range) }
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(20))
        return Array(try await response.body.collect(upTo: 1 << 24).readableBytesView)
    }

    /// The length of the samples according to the header of a WAV file.
    private func dataBytes(_ file: [UInt8]) -> Int {
        file.count < 44 ? -1 : file[40..<44].reversed().reduce(0) { $0 << 8 | Int($1) }
    }

    private func object(_ url: String) async throws -> Document {
        let bytes = try await get(url)
        return Document(value: try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any] ?? [:])
    }

    private struct Document: @unchecked Sendable { let value: [String: Any] }

    @Test func `a call is shown while active and afterwards, with its signals, files and timeline`() async throws {
        let run = try await run { server, monitor in
            _ = try await server.play()
            // The monitor updates ten times per second: it is polled until it reports the end.
            let call = try await Wait.until("the monitor has seen the call's end") {
                let calls = try await object("\(monitor)/v1/calls").value["calls"] as? [[String: Any]]
                let call = calls?.first ?? [:]
                return call["state"] as? String == "ended" ? .done(Document(value: call)) : .seen("\(call)")
            }.value
            let id = try #require(call["id"] as? String)
            let timeline = try await get("\(monitor)/v1/calls/\(id)/timeline")
            // The WAV sink completes its file independently: polled until the header covers all of the call's samples.
            let samples = 2 * Int(((call["duration_s"] as? Double ?? 0) * 8_000).rounded())
            let audio = try await Wait.until("inbound.wav holds \(samples) bytes of samples, as its header says") {
                let audio = try await get("\(monitor)/v1/calls/\(id)/files/inbound.wav")
                let isWhole = audio.count == 44 + samples && dataBytes(audio) == samples
                return isWhole ? .done(audio) : .seen("\(audio.count) bytes, the header says \(dataBytes(audio))")
            }
            let part = try await get("\(monitor)/v1/calls/\(id)/files/inbound.wav", range: "bytes=0-43")
            return (Document(value: call), timeline, audio, part)
        }
        let (call, timeline, audio, part) = run.value
        let folder = try #require((call.value["streams"] as? [[String: Any]])?.first?["folder"] as? String)
        #expect(call.value["duration_s"] as? Double ?? 0 > 10)
        #expect((call.value["totals"] as? [String: Any])?["overtalks"] as? Int ?? 0 > 0)
        #expect((call.value["files"] as? [String])?.contains("call.wav") == true)
        // The header states the length; the file may have grown a little after it was served.
        let whole = Array(try run.output.bytes("\(folder)/inbound.wav"))
        #expect(audio.count > 100_000 && audio.dropFirst(100).elementsEqual(whole[100..<audio.count]))
        #expect(part.count == 44 && part.prefix(4).elementsEqual("RIFF".utf8))
        let course = try JSONSerialization.jsonObject(with: Data(timeline)) as? [String: Any]
        let levels = (course?["tracks"] as? [String: [String: [Any]]])?["inbound"]?["level_dbfs"]
        // One value per 100 ms; the last step may be short.
        #expect(abs(Double(levels?.count ?? 0) - (call.value["duration_s"] as? Double ?? 0) * 10) <= 1)
        // The same events with the same ids as in the file.
        let lines = try run.output.bytes("\(folder)/signals.jsonl").split(separator: 0x0A)
        let expected = try lines.map { try JSONSerialization.jsonObject(with: Data($0)) as? NSDictionary }
        let told = (course?["signals"] as? [[String: Any]])?.map { $0 as NSDictionary }
        #expect(told == expected.compactMap { $0 })
    }

    @Test func `the API matches its documents`() async throws {
        let run = try await run { server, monitor in
            try await withThrowingTaskGroup { group in
                let id = "CA000000000000000000000000" + "00000001"
                group.addTask {
                    _ = try await server.play {
                        $0.pace = "1"
                        $0.callID = id
                    }
                }
                try await Wait.until("the monitor knows the call") {
                    let call = try await object("\(monitor)/v1/calls/\(id)").value
                    return call["id"] == nil ? .seen("\(call)") : .done(())
                }
                let peer = try await Peer.run("check_monitor.py", arguments: [monitor, id])
                try await group.waitForAll()
                return peer
            }
        }
        #expect(run.value.status == 0, "\(run.value.output)\(run.value.messages)")
    }

    @Test func `Prometheus finds every metric that the dashboard and the rules query`() async throws {
        let folder = try TemporaryFolder()
        let run = try await run { server, monitor in
            _ = try await server.play()
            return try await Peer.run("check_metrics.py", arguments: [monitor, folder.path])
        }
        #expect(run.value.status == 0, "\(run.value.output)\(run.value.messages)")
    }

    @Test func `in a terminal, keys lead from the list to a call and out, and the terminal is restored`()
        async throws
    {
        let run = try await run { server, monitor in
            // Ends with the server at the latest.
            Task { try await server.play { $0.pace = "0.2" } }
            let id = try await Wait.until("the monitor knows an active call") {
                let calls = try await object("\(monitor)/v1/calls?state=active").value["calls"] as? [[String: Any]]
                return (calls?.first?["id"] as? String).map { .done($0) } ?? .seen("\(calls ?? [])")
            }
            return try await Peer.run("drive_terminal.py", arguments: [Program.path, monitor, id])
        }
        #expect(run.value.status == 0, "\(run.value.messages)")
    }
}
