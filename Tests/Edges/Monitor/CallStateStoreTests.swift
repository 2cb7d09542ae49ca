import Foundation
import SidetoneModel
import SidetonePipeline
import SidetoneTracks
import Testing

@testable import SidetoneMonitor

@Suite struct CallStateStoreTests {
    private func call(_ callStates: CallStateStore, id: String = "CA1") async throws -> [String: Any] {
        try object(await callStates.json(ofCall: id))
    }

    @Test func `an active call has a speaker, levels and a duration of silence`() async throws {
        let callStates = makeCallStates()
        let stream = WatchedStream()
        await callStates.process(stream.drawn(inbound: "..###.....", outbound: "......##.."))
        let call = try await call(callStates)
        #expect(call["state"] as? String == "active")
        #expect(call["speaking"] as? String == "none")
        let tracks = call["tracks"] as? [String: [String: Any]]
        #expect(tracks?["inbound"]?["level_dbfs"] as? Double == -60)
        #expect(call["duration_s"] as? Double == 1)
        #expect(call["silence_s"] as? Double == 0.2, "speech ended at 0.8 s")
        let share = call["talk_share"] as? [String: Double]
        #expect(share == ["inbound": 0.6, "outbound": 0.4])
    }

    @Test func `a call in which both sides speak is reported as such`() async throws {
        let callStates = makeCallStates()
        await callStates.process(WatchedStream().drawn(inbound: "..####", outbound: "..####"))
        #expect(try await call(callStates)["speaking"] as? String == "both")
    }

    @Test func `a stalled track has no level and no speech`() async throws {
        let callStates = makeCallStates()
        let stream = WatchedStream()
        await callStates.process(stream.drawn(inbound: "..####", outbound: "......"))
        await callStates.process([stream.signal(Signal("media.stalled", .started, track: .inbound, start: 0.6))])
        var stalled = try await call(callStates)
        #expect(stalled["speaking"] as? String == "none")
        let tracks = stalled["tracks"] as? [String: [String: Any]]
        #expect(tracks?["inbound"]?["level_dbfs"] is NSNull)
        #expect(tracks?["outbound"]?["level_dbfs"] as? Double == -60)
        await callStates.process([stream.signal(Signal("media.stalled", .ended, track: .inbound, start: 0.6, end: 3))])
        stalled = try await call(callStates)
        #expect(stalled["speaking"] as? String == "inbound")
    }

    @Test func `an alert is listed while it lasts, and afterwards with its end`() async throws {
        let callStates = makeCallStates()
        let stream = WatchedStream()
        await callStates.process([stream.opened, stream.track(.inbound)])
        let silence = Signal("dead_air", .started, start: 1, values: [.init("severity", .text("warn"))])
        await callStates.process([stream.signal(silence)])
        var alerts = try await call(callStates)["alerts"] as? [[String: Any]]
        #expect(alerts?.map { $0["type"] as? String } == ["dead_air"])
        await callStates.process([
            stream.signal(Signal("dead_air", .started, start: 1, values: [.init("severity", .text("alert"))])),
            stream.signal(Signal("clipping", .started, track: .inbound, start: 2)),
        ])
        let clipped = try await call(callStates)
        alerts = clipped["alerts"] as? [[String: Any]]
        #expect(alerts?.map { $0["severity"] as? String } == ["alert", "warn"])
        #expect((clipped["tracks"] as? [String: [String: Any]])?["inbound"]?["clipped"] as? Bool == true)
        await callStates.process([stream.signal(Signal("dead_air", .ended, start: 1, end: 7))])
        #expect((try await call(callStates)["alerts"] as? [Any])?.count == 1)
        await callStates.process([stream.ended])
        alerts = try await call(callStates)["alerts"] as? [[String: Any]]
        #expect(alerts?.first?["end"] as? Double == 7)
    }

    @Test func `overtalk, interruptions and response latency follow from the signals`() async throws {
        let callStates = makeCallStates()
        let stream = WatchedStream()
        await callStates.process(stream.drawn(inbound: "..........", outbound: ".........."))
        await callStates.process([
            stream.signal(Signal("overtalk", .ended, start: 1, end: 1.5)),
            stream.signal(Signal("interruption", .moment, track: .outbound, start: 1, end: 1.5)),
            stream.signal(
                Signal(
                    "response.latency", .moment, track: .inbound, start: 1, end: 1.4,
                    values: [.init("latency_s", .number(0.4))])),
            stream.signal(
                Signal(
                    "response.latency", .moment, track: .inbound, start: 2, end: 2.6,
                    values: [.init("latency_s", .number(0.6))])),
        ])
        let call = try await call(callStates)
        #expect(call["overtalk_s"] as? Double == 0.5)
        #expect(call["interruptions"] as? [String: Int] == ["inbound": 0, "outbound": 1])
        #expect((call["response_latency_ms"] as? [String: Any])?["inbound"] as? Double == 500)
    }

    @Test func `numbers are masked unless the sink shows them`() async throws {
        for (shows, expected) in [(false, "+49•••••••22"), (true, "+49301112222")] {
            let callStates = makeCallStates(showsNumbers: shows)
            await callStates.process([WatchedStream(parameters: ["from": "+49301112222"]).opened])
            #expect(try await call(callStates)["from"] as? String == expected)
        }
    }

    @Test func `untrusted names are escaped in JSON`() async throws {
        let callStates = makeCallStates()
        let id = "</script><img src=x>\u{0}\"\\\u{202E}"
        await callStates.process([WatchedStream(call: id).opened])
        #expect(try await call(callStates, id: id)["id"] as? String == id)
    }

    @Test func `only the newest ended calls are kept`() async throws {
        let callStates = makeCallStates()
        for number in 0..<(CallStateStore.endedLimit + 5) {
            let stream = WatchedStream(call: "CA\(number)", startedAt: Double(number))
            await callStates.process([stream.opened, stream.ended])
        }
        #expect(await callStates.json(ofCall: "CA4") == nil)
        let calls = await callStates.list(.ended, before: nil, limit: 1_000)
        #expect(calls.count == CallStateStore.endedLimit)
        #expect(calls.first?.id == "CA\(CallStateStore.endedLimit + 4)")
    }

    @Test func `pages have no gaps or repetitions, even for calls that start at the same time`() async throws {
        let callStates = makeCallStates()
        for number in 0..<25 {
            await callStates.process([WatchedStream(call: "CA\(number)", startedAt: Double(number / 5)).opened])
        }
        var seen: [String] = []
        var mark: PageMark?
        repeat {
            let page = await callStates.list(.all, before: mark, limit: 4)
            seen += page.map(\.id)
            mark = page.last.map { PageMark(startedAt: $0.startedAt, id: $0.id) }
        } while mark != nil
        #expect(seen.count == 25 && Set(seen).count == 25)
    }

    @Test func `a cursor can be decoded`() {
        let mark = PageMark(startedAt: 1_772_366_400.25, id: "CA~1/\"")
        #expect(PageMark(mark.text) == mark)
        for text in ["", "zz", "7e", "0", "313233"] { #expect(PageMark(text) == nil) }
    }

    @Test func `a second stream of a call is at its position on the call clock`() async throws {
        let callStates = makeCallStates()
        let first = WatchedStream("MZ1", startedAt: 100)
        let second = WatchedStream("MZ2", startedAt: 101)
        await callStates.process(first.drawn(inbound: "##########", outbound: ".........."))
        await callStates.process([first.ended])
        await callStates.process(second.drawn(inbound: "#####.....", outbound: ".........."))
        await callStates.process([second.ended])
        let timeline = try object(await callStates.timeline(of: "CA1", from: 0, to: .infinity))
        #expect(timeline["to"] as? Double == 2)
        let speech = ((timeline["tracks"] as? [String: [String: Any]])?["inbound"]?["speech"] as? [Int])
        #expect(speech == [Int](repeating: 1, count: 15) + [Int](repeating: 0, count: 5))
        #expect((try await call(callStates)["streams"] as? [Any])?.count == 2)
    }

    @Test func `gaps and lost packets are summed over all calls`() async throws {
        let callStates = makeCallStates()
        let stream = WatchedStream()
        let gap = Signal(
            "media.gap", .moment, track: .inbound, start: 1, end: 1.1, values: [.init("cause", .text("lost"))])
        var health = TrackHealth(track: .inbound, counters: TrackCounters(), lostPackets: 5, arrivalJitterMs: 1.234)
        await callStates.process([stream.opened, stream.track(.inbound), stream.signal(gap), stream.health(health)])
        health.lostPackets = 7
        await callStates.process([stream.health(health)])
        let track = (try await call(callStates)["tracks"] as? [String: [String: Any]])?["inbound"]
        #expect(track?["gaps"] as? Int == 1)
        #expect(track?["lost_packets"] as? Int == 7)
        #expect(track?["arrival_jitter_ms"] as? Double == 1.23)
        #expect(await callStates.gaps == [1, 0])
        #expect(await callStates.lostPackets == [7, 0])
    }

    @Test func `a returning subscriber receives what it missed, and a gap for what is no longer kept`() async throws {
        let callStates = makeCallStates(history: 10)
        let stream = WatchedStream()
        await callStates.process([stream.opened])
        for number in 1...30 {
            await callStates.process([stream.signal(Signal("silence", .started, start: Double(number)))])
        }
        let queue = await callStates.subscribe(EventFilter(), after: 15)
        let items = await queue.next() ?? []
        guard case .gap(let range, let reason)? = items.first else {
            Issue.record("no gap first")
            return
        }
        #expect(range == 16...20 && reason == "history")
        let numbers = items.compactMap { item -> Int64? in
            guard case .event(let number, _) = item else { return nil }
            return number
        }
        #expect(numbers == Array(21...30))
    }

    @Test func `a subscriber receives only what its filter selects`() async throws {
        let callStates = makeCallStates()
        let stream = WatchedStream()
        let queue = await callStates.subscribe(EventFilter(tracks: ["outbound"], types: ["speech"]), after: nil)
        await callStates.process([
            stream.opened,
            stream.signal(Signal("speech", .started, track: .inbound, start: 1)),
            stream.signal(Signal("speech", .started, track: .outbound, start: 2)),
            stream.signal(Signal("silence", .started, start: 2)),
        ])
        let items = await queue.next() ?? []
        #expect(items.count == 1)
        guard case .event(let number, let json)? = items.first else { return }
        #expect(number == 2)
        #expect(String(decoding: json, as: UTF8.self).contains("\"track\":\"outbound\""))
    }
}
