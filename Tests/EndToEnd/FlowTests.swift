import ArgumentParser
import Foundation
import HTTPTypes
import SidetoneCallControl
import SidetoneConfiguration
import SidetoneEmulator
import SidetoneModel
import SidetonePipeline
import SidetonePlayback
import SidetoneServer
import SidetoneService
import SidetoneSignatures
import Testing
import sidetone

/// Every flow of Samples/flows, executed against a real server over TLS: the received media matches the flow.
@Suite(.serialized) struct FlowTests {
    static let folder = "\(Project.root)/Samples/flows"
    static let flows: [String] = ["minivoice", "swml"].flatMap { language in
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(folder)/\(language)")) ?? []
        return names.filter { $0.hasSuffix(".json") }.sorted().map { "\(language)/\($0.dropLast(5))" }
    }

    /// The results of one flow.
    struct Seen {
        var inbound: [Int16]
        var outbound: [Int16]
        /// The digits reported by the server per track: heard or sent by the platform, each press once.
        var digits: [TrackRole: String]
        var capture: String
        var report: FlowReport
        var requests: [String]

        /// Samples of the call heard before the first spoken text had ended.
        var said: Int { report.actions.first { ["say", "play"].contains($0.name) }?.ended.map { Int($0) } ?? 0 }
    }

    /// The document with the URLs of this test; if it opens no stream, one with both tracks is opened first.
    private static func document(_ flow: String, stream: String, web: String) throws -> String {
        var text = try String(contentsOfFile: "\(folder)/\(flow).json", encoding: .utf8)
        for (old, new) in [
            ("wss://rx.example.org/media", stream), ("{{stream_url}}", stream), ("{{token}}", "st1.demo-token"),
            ("https://flows.example.org", web),
        ] {
            text = text.replacingOccurrences(of: old, with: new)
        }
        if !text.contains(stream) {
            text = text.replacingOccurrences(
                of: "\"actions\": [",
                with: "\"actions\": [ { \"start_stream\": { \"stream_url\": \"\(stream)\", \"track\": \"both\" } }, ")
        }
        return text
    }

    private static func play(
        _ flow: String, adjust: @Sendable @escaping (inout CallOptions) -> Void = { _ in }
    ) async throws -> Seen {
        let platform = flow.hasPrefix("swml") ? "signalwire" : "minivoice"
        let evening = #"{"actions":[{"say":{"text":"Good evening."}},{"transfer":{"destination":"+4930111222"}}]}"#
        let run = try await LiveServer.run(tls: true) {
            $0.source?.dialect = platform
        } _: { server in
            try await DocumentServer.run(["evening.json": evening]) { web in
                let file = try server.output.write(
                    ".flow.json", text: try document(flow, stream: server.url, web: web.url))
                var options = try CallOptions.parse([])
                options.actions = file
                options.platform = platform
                options.inbound = Project.sample("overtalk-inbound.wav")
                options.outbound = Project.sample("overtalk-outbound.wav")
                options.codec = "l16"
                options.pace = "max"
                options.speech = "tone"
                options.digits = "1234#"
                options.recordings = "\(server.output.path)/.recordings"
                options.receiver.trust.ca = server.ca
                options.allowLoopback = true
                adjust(&options)
                return (try await FlowCommand(options).run(), web.requests)
            }
        }
        #expect(run.report.isWhole)
        let report = try #require(run.value.0.calls.first)
        func samples(_ name: String) throws -> [Int16] {
            guard let file = run.output.files.first(where: { $0.hasSuffix("/\(name)") }) else { return [] }
            return try Samples.read("\(run.output.path)/\(file)")
        }
        func text(_ name: String) throws -> String {
            try run.output.files.first { $0.hasSuffix("/\(name)") }.map { try run.output.text($0) } ?? ""
        }
        var digits: [TrackRole: String] = [:]
        for line in try text("signals.jsonl").split(separator: "\n") where line.contains("\"sidetone.dtmf.v1\"") {
            let track: TrackRole = line.contains("\"track\":\"inbound\"") ? .inbound : .outbound
            let after = line.components(separatedBy: "\"digit\":\"")[1]
            digits[track, default: ""] += String(after.prefix(1))
        }
        return Seen(
            inbound: try samples("inbound.wav"), outbound: try samples("outbound.wav"), digits: digits,
            capture: try text("capture.jsonl"), report: report, requests: run.value.1)
    }

    private static let voices = (
        inbound: (try? Samples.read(Project.sample("overtalk-inbound.wav"))) ?? [],
        outbound: (try? Samples.read(Project.sample("overtalk-outbound.wav"))) ?? []
    )

    private func isSilent(_ samples: some Sequence<Int16>) -> Bool { samples.allSatisfy { $0 == 0 } }

    @Test func `there are flows`() { #expect(Self.flows.count >= 19) }

    @Test(arguments: flows)
    func `the receiver gets the media that the flow describes`(flow: String) async throws {
        let seen = try await Self.play(flow)
        let voices = Self.voices
        let (inbound, outbound, said) = (seen.inbound, seen.outbound, seen.said)
        #expect(seen.report.failures == [])
        #expect(seen.report.status == "completed")
        switch flow {
        case "minivoice/bridge", "minivoice/transfer":
            #expect(seen.report.seconds == 0)
            #expect(seen.capture.contains(#"\"event\":\"stop\""#))
            #expect(inbound.isEmpty)
        case "minivoice/conference":
            #expect(isSilent(inbound), "a muted participant is silent")
            #expect(outbound == voices.outbound)
        case "minivoice/gather":
            #expect(seen.digits == [.inbound: "1234#"])
            #expect(seen.capture.components(separatedBy: #"\"event\":\"dtmf\""#).count == 6)
            #expect(outbound.suffix(8_000) == voices.outbound.suffix(8_000))
        case "minivoice/first_call_template":
            #expect(seen.digits == [.inbound: "1"])
            #expect(seen.report.actions.map(\.outcome.word).allSatisfy { $0 == "done" })
            #expect(seen.report.actions.map(\.name).suffix(2) == ["gather", "stop_recording"])
            #expect(outbound.suffix(8_000) == voices.outbound.suffix(8_000))
        case "minivoice/hold":
            #expect(inbound.prefix(said) == voices.inbound.prefix(said))
            #expect(isSilent(inbound.dropFirst(said)))
            // Only a soft chord.
            #expect(outbound.dropFirst(said).allSatisfy { abs(Int($0)) <= 4_200 })
            #expect(!isSilent(outbound.dropFirst(said)))
        case "minivoice/mute":
            #expect(isSilent(inbound))
            #expect(outbound == voices.outbound)
        case "minivoice/redirect":
            #expect(seen.requests.count == 1)
            #expect(seen.requests.first?.hasPrefix("POST /evening.json {\"call\":{\"id\":\"call_") == true)
            #expect(inbound == Array(voices.inbound.prefix(said)))
            #expect(seen.report.reason == "transferred")
        case "minivoice/resume":
            #expect(isSilent(inbound.prefix(said)))
            #expect(inbound.dropFirst(said) == voices.inbound.dropFirst(said))
            #expect(outbound.dropFirst(said) == voices.outbound.dropFirst(said))
        case "minivoice/send_digits":
            #expect(seen.digits == [.outbound: "12A#"])
            // Half a second of pause before them.
            #expect(outbound[4_000..<4_800].contains { $0 > 10_000 })
        case "minivoice/say", "minivoice/start_recording", "minivoice/stop_recording", "minivoice/start_stream",
            "minivoice/template", "swml/template":
            #expect(inbound == voices.inbound)
            #expect(said > 4_000)
            #expect(outbound.prefix(said) != voices.outbound.prefix(said))
            #expect(outbound.dropFirst(said) == voices.outbound.dropFirst(said))
        case "minivoice/stop_stream":
            #expect(inbound == Array(voices.inbound.prefix(said)))
            #expect(outbound.isEmpty)
            #expect(seen.report.seconds == 20.9)
        case "minivoice/unmute":
            #expect(inbound == voices.inbound)
            #expect(outbound == voices.outbound)
        case "swml/start_stream":
            #expect(inbound == Array(voices.inbound.prefix(said)))
            #expect(seen.report.reason == "hung up by the document")
            #expect(seen.report.variables["stream_result"] == "success")
        case "swml/stop_stream":
            // The sample is already µ-law: encoding it again is lossless.
            #expect(inbound == Array(voices.inbound.prefix(said)))
            #expect(seen.capture.contains(#"\"tier\":\"b\""#))
            #expect(seen.capture.contains("Grüß Gott"))
            #expect(
                seen.report.variables == [
                    "stream_result": "success", "stream_control_id": "assist-1", "stop_stream_result": "success",
                ])
        default: Issue.record("nothing says what \(flow) must sound like")
        }
    }

    @Test func `in real time the receiver gets the same media as at full speed`() async throws {
        let seen = try await Self.play("minivoice/resume") { $0.pace = "8" }
        #expect(seen.report.failures == [])
        // The call continues while the socket opens and a text is spoken: only the end of the silence may differ.
        #expect(seen.inbound.count == 167_200)
        #expect(seen.inbound.suffix(80_000) == Self.voices.inbound.suffix(80_000))
        #expect(seen.report.streams.first?.play.lateness.count == seen.report.streams.first?.play.messages)
    }

    @Test func `Opus preserves the level`() async throws {
        let seen = try await Self.play("minivoice/unmute") { $0.codec = "opus" }
        #expect(seen.report.failures == [])
        func level(_ samples: [Int16]) -> Double {
            10 * log10(samples.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(samples.count))
        }
        #expect(seen.inbound.count == 167_200)
        // ±1 dB: the codec changes the waveform of a telephone voice but hardly its level.
        #expect(abs(level(seen.inbound) - level(Self.voices.inbound)) < 1)
        #expect(abs(level(seen.outbound) - level(Self.voices.outbound)) < 1)
    }

    @Test func `loopback URLs in a document are refused unless allowed`() async throws {
        let seen = try await Self.play("minivoice/start_stream") { $0.allowLoopback = false }
        #expect(seen.inbound.isEmpty)
        #expect(seen.report.status == "completed")
        #expect(seen.report.failures.count == 1)
        #expect(seen.report.failures.first?.contains("--allow-loopback") == true)
    }

    @Test func `a flow is fetched, redirected, and fetched again`() async throws {
        let run = try await LiveServer.run(tls: true) { server in
            try await DocumentServer.run([
                "next": #"{"actions":[{"start_stream":{"stream_url":"\#(server.url)","track":"outbound"}}]}"#
            ]) { second in
                try await DocumentServer.run([
                    "answer": #"{"actions":[{"redirect":{"url":"\#(second.url)/moved"}}]}"#,
                    "moved": "\(second.url)/next",
                ]) { first in
                    var options = try CallOptions.parse([])
                    options.answerURL = "\(first.url)/answer"
                    options.outbound = Project.sample("overtalk-outbound.wav")
                    options.pace = "max"
                    options.receiver.trust.ca = server.ca
                    options.allowLoopback = true
                    return try await FlowCommand(options).run()
                }
            }
        }
        // The second server has no such path: the redirect fails, and so does the call.
        #expect(run.value.calls.first?.status == "failed")
        #expect(run.value.calls.first?.failures.contains { $0.contains("the answer has status 404") } == true)
    }

    @Test func `a redirected answer is followed`() async throws {
        let run = try await LiveServer.run(tls: true) { server in
            try await DocumentServer.run([
                "next": #"{"actions":[{"start_stream":{"stream_url":"\#(server.url)","track":"outbound"}}]}"#
            ]) { second in
                try await DocumentServer.run(["answer": "\(second.url)/next"]) { first in
                    var options = try CallOptions.parse([])
                    options.answerURL = "\(first.url)/answer"
                    options.answerMethod = "POST"
                    options.outbound = Project.sample("overtalk-outbound.wav")
                    options.pace = "max"
                    options.receiver.trust.ca = server.ca
                    options.allowLoopback = true
                    return (try await FlowCommand(options).run(), first.requests, second.requests)
                }
            }
        }
        #expect(run.value.0.calls.first?.failures == [])
        #expect(run.value.1.first?.contains(#""from":"+4930111222""#) == true)
        #expect(run.value.2 == ["GET /next "])
        let file = try #require(run.output.files.first { $0.hasSuffix("/outbound.wav") })
        #expect(try Samples.read("\(run.output.path)/\(file)") == Self.voices.outbound)
    }

    @Test func `SWML is requested by POST, signed over URL and body`() async throws {
        let folder = try TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let (address, body, headers) = try await DocumentServer.run([
            "swml": #"{"sections":{"main":[{"play":{"url":"say:${call.from}"}},{"hangup":{}}]}}"#
        ]) { web in
            var options = try CallOptions.parse([])
            options.answerURL = "\(web.url)/swml?tenant=1"
            options.platform = "signalwire"
            options.signingKeyFile = try folder.write(".signing-key", text: "PSK_demo")
            options.speech = "tone"
            options.pace = "max"
            options.allowLoopback = true
            let outcome = try await FlowCommand(options).run()
            #expect(outcome.calls.first?.failures == [])
            let request = try #require(web.requests.first)
            #expect(request.hasPrefix("POST /swml "))
            return (
                "\(web.url)/swml?tenant=1", String(request.dropFirst("POST /swml ".count)),
                try #require(web.headers.first)
            )
        }
        #expect(headers[.contentType] == "application/json")
        let signature = WebhookSignature(key: Secret("PSK_demo"))
        func field(_ name: String) throws -> String? { headers[try #require(HTTPField.Name(name))] }
        for (name, hash) in [
            ("X-Signalwire-Signature", WebhookSignature.Hash.sha1), ("X-Signalwire-SHA256-Signature", .sha256),
        ] {
            try signature.checkSignalWire(try field(name), hash: hash, url: address, body: Array(body.utf8))
        }
        let json = try #require(try JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: Any])
        #expect(Set(json.keys) == ["call", "vars", "envs", "params"])
        let call = try #require(json["call"] as? [String: Any])
        #expect(call["call_state"] as? String == "created")
        #expect(call["from_number"] as? String == "+4930111222" && call["to"] as? String == "+4930111223")
        for name in ["call_id", "node_id", "segment_id", "project_id", "space_id", "direction", "type", "headers"] {
            #expect(call[name] != nil, "\(name)")
        }
    }
}
