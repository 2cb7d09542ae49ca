import Foundation
import NIOCore
import SidetoneModel
import SidetonePipeline
import SidetoneWebSocket
import Testing

@testable import SidetoneMonitor

@Suite(.serialized, .timeLimit(.minutes(1))) struct MonitorServerTests {
    // MARK: REST

    @Test func `the status, the list of calls and a call are served as JSON`() async throws {
        try await MonitorServer.run { server in
            let stream = WatchedStream()
            await server.sink.callStates.process(stream.drawn(inbound: "###.", outbound: "...."))
            let status = try await server.get("/v1/status")
            #expect(status.status == 200 && status.headers["content-type"] == "application/json")
            let receiver = try status.object()["receiver"] as? [String: Any]
            #expect(receiver?["dialects"] as? [String: Int] == ["twilio": 1])
            let list = try await server.get("/v1/calls?state=active").object()
            #expect((list["calls"] as? [[String: Any]])?.map { $0["id"] as? String } == ["CA1"])
            #expect(list["next"] is NSNull)
            #expect(try await server.get("/v1/calls/CA1").object()["state"] as? String == "active")
            let timeline = try await server.get("/v1/calls/CA1/timeline?from=0.1").object()
            #expect(timeline["from"] as? Double == 0.1)
            for query in ["from=1e64", "from=5&to=1", "to=0", "from=9e8&to=9e8"] {
                #expect(try await server.get("/v1/calls/CA1/timeline?\(query)").status == 200, "\(query)")
            }
            #expect(try await server.get("/v1/calls/CA1/log").object()["entries"] as? [String] == [])
        }
    }

    @Test func `missing resources and invalid requests get a code and a message`() async throws {
        try await MonitorServer.run { server in
            for (path, status, code) in [
                ("/v1/calls/none", 404, "not_found"), ("/v1/none", 404, "not_found"), ("/v2", 404, "not_found"),
                ("/v1/calls?state=x", 400, "bad_request"), ("/v1/calls?limit=0", 400, "bad_request"),
                ("/v1/calls?cursor=x", 400, "bad_request"), ("/v1/calls/none/timeline?from=-1", 400, "bad_request"),
                ("/v1/calls/none/log", 404, "not_found"), ("/v1/calls/none/files/call.wav", 404, "not_found"),
                ("/v1/events?last_event_id=x", 400, "bad_request"), ("/v1/live", 426, "upgrade_required"),
                ("/v1/schemas/none.json", 404, "not_found"), ("/v1/schemas/..%2fopenapi.json", 404, "not_found"),
                ("/assets/../MonitorSink.swift", 404, "not_found"), ("/assets/%2e%2e/x", 404, "not_found"),
                ("/assets/index.html", 404, "not_found"),
            ] {
                let reply = try await server.get(path)
                #expect(reply.status == status, "\(path)")
                guard path != "/v1/live" else { continue }
                let error = try reply.object()["error"] as? [String: String]
                #expect(error?["code"] == code, "\(path)")
            }
        }
    }

    @Test func `pages of a list follow their cursor`() async throws {
        try await MonitorServer.run { server in
            for number in 0..<5 {
                let stream = WatchedStream(call: "CA\(number)", startedAt: Double(number))
                await server.sink.callStates.process([stream.opened, stream.ended])
            }
            var ids: [String] = []
            var cursor: String?
            repeat {
                let query = cursor.map { "&cursor=\($0)" } ?? ""
                let page = try await server.get("/v1/calls?state=ended&limit=2\(query)").object()
                ids += (page["calls"] as? [[String: Any]] ?? []).compactMap { $0["id"] as? String }
                cursor = page["next"] as? String
            } while cursor != nil
            #expect(ids == ["CA4", "CA3", "CA2", "CA1", "CA0"])
        }
    }

    @Test func `every response has security headers`() async throws {
        try await MonitorServer.run { server in
            for path in ["/", "/v1/status", "/none", "/login", "/metrics"] {
                let headers = try await server.get(path).headers
                let policy = headers["content-security-policy"] ?? ""
                #expect(policy.hasPrefix("default-src 'none'; script-src 'self'; style-src 'self';"), "\(path)")
                #expect(!policy.contains("unsafe"))
                #expect(headers["x-content-type-options"] == "nosniff")
                #expect(headers["referrer-policy"] == "no-referrer")
            }
        }
    }

    @Test func `a cached page is not sent again`() async throws {
        try await MonitorServer.run { server in
            let first = try await server.get("/")
            let tag = try #require(first.headers["etag"])
            #expect(first.status == 200 && first.headers["content-type"]?.hasPrefix("text/html") == true)
            #expect(first.headers["cache-control"] == "no-cache")
            let second = try await server.get("/", headers: [("If-None-Match", "\"x\", \(tag)")])
            #expect(second.status == 304 && second.body.isEmpty)
        }
    }

    @Test func `a pipeline that drains or is full is not ready, and healthy`() async throws {
        for (state, ready) in [("running", 200), ("draining", 503), ("full", 503)] {
            var counts = ReceiverCounts(limit: 1)
            counts.isDraining = state == "draining"
            counts.streamsOpen = state == "full" ? 1 : 0
            let status = PipelineStatus(receiver: counts, sinks: [])
            try await MonitorServer.run(status: { status }) { (server) async throws in
                #expect(try await server.get("/readyz").status == ready)
                #expect(try await server.get("/healthz").status == 200)
            }
        }
    }

    // MARK: Access

    @Test func `a foreign Host or Origin is refused by every endpoint`() async throws {
        try await MonitorServer.run { server in
            for path in ["/", "/v1/status", "/v1/events", "/metrics", "/assets/x.css"] {
                #expect(try await server.get(path, headers: [("Host", "evil.example")]).status == 403, "\(path)")
                #expect(
                    try await server.get(path, headers: [("Origin", "http://evil.example")]).status == 403, "\(path)")
            }
            await #expect(throws: WebSocketError.self) {
                _ = try await server.live(headers: [("Origin", "http://evil.example")])
            }
            await #expect(throws: WebSocketError.self) {
                _ = try await server.live(headers: [("Host", "evil.example")])
            }
            let client = try await server.live(headers: [("Origin", server.address)])
            #expect(await client.read(until: "hello").count == 1)
            client.connection.close()
        }
    }

    @Test func `with tokens, programs send one and users sign in`() async throws {
        try await MonitorServer.run(tokens: ["secret-token"]) { server in
            #expect(try await server.get("/v1/status").status == 401)
            await #expect(throws: WebSocketError.self) { _ = try await server.live() }
            let bearer = ("Authorization", "Bearer secret-token")
            #expect(try await server.get("/v1/status", headers: [bearer]).status == 200)
            let page = try await server.get("/calls/CA1", headers: [("Accept", "text/html")])
            #expect(page.status == 303 && page.headers["location"] == "/login?next=%2Fcalls%2FCA1")
            let form = ("Content-Type", "application/x-www-form-urlencoded")
            let wrong = try await server.get(
                "/login", method: "POST", headers: [form], body: "token=secret&next=%2Fcalls")
            #expect(wrong.status == 303 && wrong.headers["location"] == "/login?failed=1&next=%2Fcalls")
            #expect(wrong.headers["set-cookie"] == nil)
            let right = try await server.get(
                "/login", method: "POST", headers: [form], body: "token=secret-token&next=%2F%2Fevil.example")
            #expect(right.status == 303 && right.headers["location"] == "/")
            let cookie = try #require(right.headers["set-cookie"])
            for flag in ["HttpOnly", "SameSite=Strict", "Path=/"] { #expect(cookie.contains(flag)) }
            let session = String(cookie.prefix { $0 != ";" })
            #expect(try await server.get("/v1/status", headers: [("Cookie", session)]).status == 200)
            let client = try await server.live(headers: [("Cookie", session)])
            #expect(await client.read(until: "hello").count == 1)
            client.connection.close()
        }
    }

    // MARK: Files

    @Test func `a file is served completely or in ranges, and only by a name in the catalog`() async throws {
        let folder = FileManager.default.temporaryDirectory.path + "/sidetone-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let audio = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        try Data(audio).write(to: URL(filePath: "\(folder)/call.wav"))
        try Data("secret".utf8).write(to: URL(filePath: "\(folder)/secret.txt"))
        try await MonitorServer.run(others: [FolderArchive(folder: folder)]) { server in
            await server.sink.callStates.process([WatchedStream().opened])
            #expect(try await server.get("/v1/calls/CA1").object()["files"] as? [String] == ["call.wav"])
            let path = "/v1/calls/CA1/files/call.wav"
            let whole = try await server.get(path)
            #expect(whole.status == 200 && whole.body == audio && whole.headers["content-type"] == "audio/wav")
            let part = try await server.get(path, headers: [("Range", "bytes=100-199")])
            #expect(part.status == 206 && part.body == Array(audio[100..<200]))
            #expect(part.headers["content-range"] == "bytes 100-199/200000")
            let beyond = try await server.get(path, headers: [("Range", "bytes=200000-")])
            #expect(beyond.status == 416 && beyond.headers["content-range"] == "bytes */200000")
            for name in ["secret.txt", "..%2fcall.wav", "%2e%2e", "call.wav%00", "CALL.WAV"] {
                let status = try await server.get("/v1/calls/CA1/files/\(name)").status
                #expect([400, 404].contains(status), "\(name)")
            }
            let recordings = try await server.get("/v1/recordings").object()["recordings"] as? [[String: Any]]
            #expect(recordings?.first?["url"] as? String == "/v1/calls/CA1/files/call.wav")
        }
    }

    // MARK: Events

    @Test func `events arrive as they are emitted, and a returning subscriber misses none`() async throws {
        try await MonitorServer.run { server in
            let stream = WatchedStream()
            await server.sink.callStates.process([stream.opened])
            await server.sink.callStates.process([
                stream.signal(Signal("speech", .started, track: .inbound, start: 1)),
                stream.signal(Signal("silence", .started, start: 2)),
            ])
            let all = try await server.events("?last_event_id=0") { $0.contains("id: 2\n") }
            #expect(
                all.hasPrefix("retry: 2000\n\nid: 1\nevent: signal\ndata: {\"specversion\":\"1.0\",\"id\":\"MZ1-1\""))
            let rest = try await server.events(headers: [("Last-Event-ID", "1")]) { $0.contains("id: 2\n") }
            #expect(!rest.contains("id: 1\n"))
            let filtered = try await server.events("?last_event_id=0&type=silence") { $0.contains("id: 2\n") }
            #expect(!filtered.contains("speech"))
        }
    }

    @Test func `surplus subscribers get 503, and slots are released`() async throws {
        try await MonitorServer.run(adjust: { $0.maxSubscribers = 1 }) { server in
            let stream = WatchedStream()
            await server.sink.callStates.process([stream.opened, stream.signal(Signal("silence", .started, start: 2))])
            let first = try await server.events("?last_event_id=0") { $0.contains("id: 1\n") }
            #expect(first.contains("id: 1\n"))
            let client = try await server.live()
            _ = await client.read(until: "hello")
            await #expect(throws: WebSocketError.self) { _ = try await server.live() }
            client.connection.close()
        }
    }

    // MARK: The live socket

    @Test func `a subscriber receives all active calls, then the changes`() async throws {
        try await MonitorServer.run { server in
            let stream = WatchedStream()
            await server.sink.callStates.process(stream.drawn(inbound: "####", outbound: "...."))
            let client = try await server.live()
            client.ask(#"{"subscribe":{"active_calls":true}}"#)
            let first = await client.read(until: "active_calls")
            #expect(first.compactMap { $0["type"] as? String } == ["hello", "active_calls"])
            #expect(first.compactMap { $0["seq"] as? Int } == [1, 2])
            #expect((first.last?["calls"] as? [[String: Any]])?.first?["id"] as? String == "CA1")
            #expect((first.last?["status"] as? [String: Any])?["sinks"] == nil)
            await server.sink.callStates.process(stream.drawn(inbound: "..", outbound: "##", from: 4))
            let levels = try #require(await client.read(until: "levels").last)
            let entry = try #require((levels["calls"] as? [[Any]])?.first)
            #expect(entry.count == 9 && entry[0] as? String == "CA1")
            #expect(entry[2] as? String == "outbound" && entry[3] as? Double == -60)
            let other = WatchedStream(call: "CA2")
            await server.sink.callStates.process([other.opened])
            #expect(
                (await client.read(until: "call_started").last?["call"] as? [String: Any])?["id"] as? String == "CA2")
            await server.sink.callStates.process([
                other.signal(Signal("speech", .started, track: .inbound, start: 1)),
                other.signal(Signal("dead_air", .started, start: 1)),
            ])
            let messages = await client.read(until: "signal")
            #expect((messages.last?["event"] as? [String: Any])?["type"] as? String == "sidetone.dead_air.started.v1")
            #expect(messages.contains { $0["type"] as? String == "call_changed" })
            await server.sink.callStates.process([other.ended])
            #expect(await client.read(until: "call_ended").isEmpty == false)
            client.connection.close()
        }
    }

    @Test func `a subscribed call is sent in detail`() async throws {
        try await MonitorServer.run { server in
            let stream = WatchedStream()
            await server.sink.callStates.process(stream.drawn(inbound: "####", outbound: "...."))
            let client = try await server.live()
            client.ask(#"{"subscribe":{"call":"CA1","rows":true,"spectrum":true,"wave":true,"log":true}}"#)
            let known = await client.read(until: "call").last?["call"] as? [String: Any]
            #expect(known?["id"] as? String == "CA1")
            let entry = CallLogEntry(
                time: 1_772_366_400, log: .webhook, call: "CA1", event: "call.answered",
                values: [.init("from", .text("+49301112222"))])
            await server.sink.callStates.process([
                stream.samples(.inbound, first: 0, samples: [Int16](repeating: 1_000, count: 8_000)),
                stream.signal(Signal("speech", .ended, track: .inbound, start: 0, end: 0.4)), .log(entry),
            ])
            await server.sink.callStates.process(stream.drawn(inbound: "..", outbound: "##", from: 4))
            var wanted: Set = ["signal", "log", "rows", "spectrum", "timeline", "call"]
            var seen: [String: Answer] = [:]
            for await message in client.messages {
                guard let type = message["type"] as? String else { continue }
                if wanted.remove(type) != nil { seen[type] = message }
                if wanted.isEmpty { break }
            }
            #expect(wanted.isEmpty)
            #expect(seen["rows"]?["columns"] as? [String] == ["level_dbfs", "peak_dbfs", "speech", "f0_hz"])
            #expect(seen["timeline"]?["wave_max"] != nil)
            let values = (seen["log"]?["entry"] as? [String: Any])?["values"] as? [String: String]
            #expect(values?["from"] == "+49•••••••22")
            let data = try #require(Data(base64Encoded: seen["spectrum"]?["data"] as? String ?? ""))
            #expect(!data.isEmpty && data.count % 64 == 0)
            client.connection.close()
        }
    }

    @Test func `rows and samples of a stream are enqueued only while a client is subscribed`() async throws {
        try await MonitorServer.run { server in
            let (stream, other) = (WatchedStream(), WatchedStream("MZ2", call: "CA2"))
            let sample = stream.samples(.inbound, first: 0, samples: [1])
            await server.sink.callStates.process([stream.opened, other.opened])
            #expect(!server.sink.accepts(sample) && server.sink.accepts(stream.opened))
            let client = try await server.live()
            client.ask(#"{"subscribe":{"call":"CA1","spectrum":true}}"#)
            _ = await client.read(until: "call")
            #expect(server.sink.accepts(sample))
            #expect(!server.sink.accepts(other.samples(.inbound, first: 0, samples: [1])))
            #expect(
                !server.sink.accepts(stream.drawn(inbound: "#", outbound: "", from: 1)[1]), "rows were not asked for")
            client.ask(#"{"subscribe":{"call":"CA2"}}"#)
            client.ask(#"{"unsubscribe":{"call":"CA1"}}"#)
            _ = await client.read { $0["id"] as? String == "CA2" }
            #expect(!server.sink.accepts(sample))
            client.connection.close()
        }
    }

    @Test func `an invalid request closes the socket with 1008`() async throws {
        try await MonitorServer.run { server in
            let client = try await server.live()
            client.ask("{}")
            for await _ in client.messages {}
            try await client.connection.closed.get()
        }
    }

    // MARK: Metrics and documents

    @Test func `metrics are in Prometheus' format, each with help and type`() async throws {
        var status = PipelineStatus(
            receiver: ReceiverCounts(limit: 10),
            sinks: [(1, 2), (3, 4)].map { SinkStatus(name: "csv", waiting: $0.0, limitBytes: 10, refused: $0.1) })
        status.sinks.append(
            SinkStatus(
                name: "store", waiting: 0, limitBytes: 10, refused: 0,
                spool: SinkSpool(waiting: 7, lost: 2, failures: 3)))
        var webhooks = WebhookCounts()
        webhooks.accepted = 5
        webhooks.repeated = 1
        webhooks.count(401)
        webhooks.count(418)
        status.webhooks = webhooks
        status.loopLagSeconds = 0.25
        let current = status
        try await MonitorServer.run(status: { current }) { server in
            await server.sink.callStates.process([WatchedStream().opened])
            let reply = try await server.get("/metrics")
            #expect(reply.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
            for line in [
                "sidetone_sink_waiting_records{sink=\"store\"} 7", "sidetone_sink_lost_records_total{sink=\"store\"} 2",
                "sidetone_sink_record_failures_total{sink=\"store\"} 3", "sidetone_webhooks_accepted_total 5",
                "sidetone_webhooks_repeated_total 1", "sidetone_webhooks_refused_total{code=\"unauthorized\"} 1",
                "sidetone_webhooks_refused_total{code=\"other\"} 1", "sidetone_streams_limit 10",
                "sidetone_event_loop_lag_seconds 0.25",
                "sidetone_sink_waiting_blocks{sink=\"csv\"} 4", "sidetone_sink_refused_blocks_total{sink=\"csv\"} 6",
                "sidetone_streams_started_total{dialect=\"twilio\"} 1", "sidetone_calls_active 1",
                "sidetone_row_latency_seconds_count 0",
            ] { #expect(reply.text.contains(line + "\n"), "\(line)") }
            var names: Set<String> = []
            for line in reply.text.split(separator: "\n") where line.hasPrefix("# TYPE ") {
                #expect(names.insert(String(line.split(separator: " ")[2])).inserted, "\(line)")
            }
        }
    }

    @Test func `the documents are served`() async throws {
        try await MonitorServer.run { server in
            #expect(try await server.get("/v1/openapi.json").object()["openapi"] as? String == "3.1.0")
            #expect(try await server.get("/v1/asyncapi.json").object()["asyncapi"] as? String == "3.0.0")
            let schema = try await server.get("/v1/schemas/sidetone.dead_air.started.v1.json").object()
            #expect(schema["title"] as? String == "sidetone.dead_air.started.v1")
        }
    }
}
