import SidetoneCallControl
import SidetoneModel
import Testing

/// A call's logs as a table: whose word, when in seconds, what, and for webhooks when the platform sent it.
@Suite struct CallReviewTests {
    private static let base = 1_772_366_400.0

    private func entry(_ log: CallLogEntry.Log, time: Double, event: String, sent: Double? = nil) -> CallLogEntry {
        var values: [Signal.Entry] = sent.map { [.init("sent_at", .number(Self.base + $0))] } ?? []
        if event == "stream.ended" { values.append(.init("reason", .text("timeout"))) }
        return CallLogEntry(time: Self.base + time, log: log, call: "CA1", event: event, values: values)
    }

    private var sound: [CallLogEntry] {
        [
            entry(.answer, time: 0, event: "actions.served"),
            entry(.webhook, time: 0.2, event: "call.created", sent: 0),
            entry(.webhook, time: 2.1, event: "call.answered", sent: 2),
            entry(.receiver, time: 2.2, event: "stream.opened"),
            entry(.receiver, time: 2.3, event: "media.first"),
            entry(.receiver, time: 30, event: "stream.ended"),
            entry(.webhook, time: 30.4, event: "call.completed", sent: 30),
        ]
    }

    private func codes(_ entries: [CallLogEntry], now: Double = 100) -> [CallFinding.Code] {
        CallReview(of: entries, now: Self.base + now).findings.map(\.code)
    }

    @Test func `a sound call has no finding, and its lifecycle webhook says when it ended`() {
        let review = CallReview(of: sound, now: Self.base + 100)
        #expect(review.findings == [])
        #expect(review.startedAt == Self.base)
        #expect(review.endedAt == Self.base + 30)
        #expect(review.end == "completed")
        #expect(review.streams == 1)
    }

    @Test func `a track that sounds like another codec is found, with the setting that would be right`() {
        func codes(_ announced: String, heard: String) -> CallFinding? {
            var entry = entry(.receiver, time: 3, event: "codec.suspected")
            entry.values = [
                .init("track", .text("inbound")), .init("announced", .text(announced)),
                .init("sounds_like", .text(heard)),
            ]
            return CallReview(of: sound + [entry], now: Self.base + 100).findings.last
        }
        let law = codes("PCMA", heard: "PCMU")
        #expect(law?.code == .codecSuspected)
        #expect(law?.detail.hasPrefix("inbound was announced as PCMA but sounds like PCMU") == true)
        #expect(codes("L16", heard: "L16BE")?.detail.contains("l16_byte_order") == true)
    }

    /// A stream of the receiver's log; the wall clock is set ahead by `step` while it runs.
    private func stream(
        _ id: String, uptimes: (Double, Double), seconds: Double, step: Double = 0, at time: Double = 0
    ) -> [CallLogEntry] {
        var opened = entry(.receiver, time: time, event: "stream.opened")
        opened.values = [.init("stream", .text(id))]
        opened.uptime = UptimeReading(seconds: uptimes.0, boot: "b1")
        var ended = entry(.receiver, time: time + uptimes.1 - uptimes.0 + step, event: "stream.ended")
        ended.values += [.init("stream", .text(id)), .init("seconds", .number(seconds))]
        ended.uptime = UptimeReading(seconds: uptimes.1, boot: "b1")
        return [opened, ended]
    }

    @Test(arguments: [0.0, 7_200, -5])
    func `a step of the wall clock changes no duration`(step: Double) {
        let review = CallReview(
            of: stream("MZ1", uptimes: (1_000, 1_006), seconds: 5.9, step: step), now: Self.base + 9_000)
        #expect(review.seconds == 6)
    }

    @Test func `a call that came faster than real time lasted as long as its samples`() {
        let review = CallReview(of: stream("MZ1", uptimes: (10, 10.04), seconds: 6), now: Self.base + 100)
        #expect(review.seconds == 6)
    }

    @Test func `a call of two streams lasts from the first to the last`() {
        let entries =
            stream("MZ1", uptimes: (10, 16), seconds: 6) + stream("MZ2", uptimes: (20, 25), seconds: 5, at: 10)
        #expect(CallReview(of: entries, now: Self.base + 100).seconds == 15)
    }

    @Test func `a call that runs, or has no stream, has no duration`() {
        let running = stream("MZ1", uptimes: (10, 16), seconds: 6) + [entry(.receiver, time: 7, event: "stream.opened")]
        #expect(CallReview(of: running, now: Self.base + 8).seconds == nil)
        #expect(
            CallReview(of: [entry(.webhook, time: 0, event: "call.completed", sent: 0)], now: Self.base).seconds == nil)
    }

    @Test func `a webhook that was not signed neither completes a call nor moves its times`() {
        let forged = sound.map { entry in
            var entry = entry
            if entry.log == .webhook { entry.isVerified = false }
            return entry
        }
        let review = CallReview(of: forged, now: Self.base + 100)
        #expect(review.end == "stream timeout" && review.endedAt == Self.base + 30)
        #expect(review.findings.map(\.code) == [.completionMissing])
        #expect(review.findings.first?.detail.contains("is not signed") == true)
        var early = entry(.answer, time: -3_600, event: "actions.served")
        early.isVerified = false
        #expect(CallReview(of: sound + [early], now: Self.base + 100).startedAt == Self.base)
    }

    @Test func `no entries give no finding`() {
        let review = CallReview(of: [], now: 0)
        #expect(review.findings == [] && review.startedAt == nil && review.endedAt == nil && review.end == nil)
    }

    @Test func `the order in which entries come does not matter`() {
        #expect(CallReview(of: sound.reversed(), now: 0) == CallReview(of: sound, now: 0))
    }

    @Test func `a stream without call completed is found, and its own end stands in`() {
        let entries = sound.filter { $0.event != "call.completed" }
        #expect(codes(entries) == [.completionMissing])
        let review = CallReview(of: entries, now: Self.base + 100)
        #expect(review.end == "stream timeout")
        #expect(review.endedAt == Self.base + 30)
        #expect(review.findings.first?.detail.hasPrefix("a stream ended 70 s ago") == true)
    }

    @Test func `without webhooks nothing is missing, unless the pipeline receives them`() {
        let receiver = sound.filter { $0.log == .receiver }
        #expect(codes(receiver) == [])
        var configured = receiver
        configured[0].values.append(.init("webhooks", .flag(true)))
        #expect(codes(configured) == [.completionMissing])
        let answered = sound.filter { $0.log != .webhook }
        #expect(codes(answered) == [])
    }

    @Test func `a doctor's probe is not a call that ought to be completed`() {
        var entries = sound.filter { $0.log == .receiver }
        entries[0].values.append(.init("webhooks", .flag(true)))
        #expect(CallReview(of: entries, now: Self.base + 100, isProbe: true).findings == [])
        #expect(CallReview(of: entries, now: Self.base + 100).findings.map(\.code) == [.completionMissing])
    }

    static let stopped: [(reason: String, actions: String?, found: [CallFinding.Code])] = [
        ("stop", "start_stream, sleep, stop_stream, say", []), ("stop", nil, []),
        ("stop", "start_stream, say", [CallFinding.Code.streamEndedEarly]),
        ("closed", "start_stream, stop_stream", [.streamEndedEarly]), ("reset", nil, [.streamEndedEarly]),
    ]

    @Test(arguments: stopped)
    func `a stream that a document stopped did not end early`(
        reason: String, actions: String?, found: [CallFinding.Code]
    ) {
        var entries = sound
        entries[0].values = actions.map { [.init("actions", .text($0))] } ?? []
        entries[5].time = Self.base + 10
        entries[5].values = [.init("reason", .text(reason))]
        if actions == nil { entries.removeFirst() }
        #expect(codes(entries) == found)
    }

    @Test func `a call that failed is over, too`() {
        var entries = sound.filter { $0.event != "call.completed" }
        entries.append(entry(.webhook, time: 30.2, event: "call.failed", sent: 30))
        #expect(codes(entries) == [])
        #expect(CallReview(of: entries, now: 0).end == "failed")
    }

    @Test func `call completed without a stream is found`() {
        #expect(codes(sound.filter { $0.log != .receiver }) == [.streamMissing])
    }

    @Test func `a failed call without a stream is not a finding`() {
        let entries = [
            entry(.webhook, time: 1, event: "call.created", sent: 0),
            entry(.webhook, time: 9, event: "call.failed", sent: 9),
        ]
        #expect(codes(entries) == [])
    }

    // The tolerance is one second, because webhooks tell whole ones.
    @Test(arguments: [(2.3, false), (1.1, false), (0.5, true)])
    func `media before the answer is found`(media: Double, isFound: Bool) {
        var entries = sound
        entries[4].time = Self.base + media
        #expect(codes(entries) == (isFound ? [.mediaBeforeAnswer] : []))
    }

    // The tolerance is 10 s either way.
    @Test(arguments: [
        (30.0, []), (39.0, []), (41.0, [CallFinding.Code.streamEndedLate]), (21.0, []),
        (19.0, [CallFinding.Code.streamEndedEarly]),
    ])
    func `a stream that ends far from its call is found`(end: Double, found: [CallFinding.Code]) {
        var entries = sound
        entries[5].time = Self.base + end
        #expect(codes(entries) == found)
    }

    @Test func `a stream that still runs long after its call is found`() {
        let entries = sound.filter { $0.event != "stream.ended" }
        #expect(codes(entries, now: 35) == [])
        #expect(codes(entries, now: 300) == [.streamEndedLate])
    }

    @Test(arguments: [(-5.0, true), (-1.0, false), (0.0, false), (8.0, false), (60.0, true)])
    func `a receiver's clock that differs is found, and corrects the other findings`(ahead: Double, isFound: Bool) {
        let entries = sound.map { entry in
            var entry = entry
            entry.time += ahead
            return entry
        }
        #expect(codes(entries, now: 200) == (isFound ? [.clockSkew] : []))
    }

    @Test func `one late webhook is not a skew`() {
        var entries = sound
        entries[6].time = Self.base + 90
        #expect(codes(entries) == [])
        #expect(CallReview(of: entries, now: 0).endedAt == Self.base + 30)
    }

    @Test func `a webhook that comes before the one it follows changes nothing`() {
        var entries = sound
        entries[2].time = Self.base + 31
        entries[6].time = Self.base + 30.1
        #expect(codes(entries) == [])
    }

    // MARK: Steps of a clock

    /// The entries with readings of a monotonic clock, the wall clock set ahead by `step` from a moment on.
    private func stepped(_ entries: [CallLogEntry], by step: Double, from moment: Double) -> [CallLogEntry] {
        entries.map { entry in
            var entry = entry
            entry.uptime = UptimeReading(seconds: entry.time - Self.base + 500, boot: "b1")
            if entry.time - Self.base >= moment { entry.time += step }
            return entry
        }
    }

    /// After the call was created, after it was answered, between media and the end, before the last webhook.
    @Test(arguments: [-7_200.0, -30, 30, 7_200], [1.0, 2.25, 20, 30.2])
    func `a step of the receiver's clock during a call makes no finding and hides none`(step: Double, moment: Double) {
        #expect(codes(stepped(sound, by: step, from: moment)) == [])
        var early = sound
        early[4].time = Self.base + 0.5
        #expect(codes(stepped(early, by: step, from: moment)) == [.mediaBeforeAnswer])
        var late = sound
        late[5].time = Self.base + 41
        #expect(codes(stepped(late, by: step, from: moment)) == [.streamEndedLate])
        let review = CallReview(of: stepped(sound, by: step, from: moment), now: Self.base + 100)
        #expect(review.startedAt == Self.base && review.endedAt == Self.base + 30)
    }

    @Test func `how long a stream has run since its call ended is read from the monotonic clock`() {
        let running = stepped(sound.filter { $0.event != "stream.ended" }, by: 0, from: 0)
        func codes(_ uptime: UptimeReading) -> [CallFinding.Code] {
            CallReview(of: running, now: Self.base + 7_235, uptime: uptime).findings.map(\.code)
        }
        // The wall clock was set ahead by two hours; 5 s have passed.
        #expect(codes(UptimeReading(seconds: 535, boot: "b1")) == [])
        #expect(codes(UptimeReading(seconds: 545, boot: "b1")) == [.streamEndedLate])
        // Of another boot: only the wall clock is left.
        #expect(codes(UptimeReading(seconds: 5, boot: "b2")) == [.streamEndedLate])
    }

    @Test func `the readings of two boots are not compared`() {
        let entries = stepped(sound, by: 0, from: 0).map { entry in
            var entry = entry
            if entry.event == "stream.ended" { entry.uptime = UptimeReading(seconds: 3, boot: "b2") }
            return entry
        }
        #expect(codes(entries) == [])
        #expect(CallReview(of: entries, now: Self.base + 100).seconds == nil)
    }

    /// The platform's clock is set by `step` after the call was answered: `sent_at` is all that shows it.
    @Test(arguments: [-7_200.0, -60, 60, 7_200])
    func `a step of the platform's clock makes no finding but that of the clock`(step: Double) {
        var entries = sound
        entries[6] = entry(.webhook, time: 30.4, event: "call.completed", sent: 30 + step)
        #expect(codes(entries) == (step > 0 ? [.clockSkew] : []))
    }
}
