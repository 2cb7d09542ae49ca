public import SidetoneModel

/// Reviews the three logs of a call together. The lifecycle webhook is authoritative for the end of a call. Findings
/// compare times of the monotonic clock: all entries of one boot are placed by that clock, relative to the first of
/// them, so that a step of the wall clock during the call has no effect. The wall-clock time of an entry is used only
/// if it has no monotonic time. Webhooks also carry the platform's time as `sent_at`, a wall-clock time, usually in
/// whole seconds. The fastest webhook shows the difference of the two clocks, which is a separate finding and corrects
/// the others. A webhook that arrives much later was delayed, or sent after a step of the platform's clock: its event
/// may have happened at any time in between, and a finding must hold for all of these times.
public struct CallReview: Sendable, Hashable {
    /// Tolerance between the end of a stream and the end of its call, in seconds.
    public static let endToleranceS = 10.0
    /// Tolerance for media before the answer, in seconds: webhooks have a resolution of whole seconds.
    public static let answerToleranceS = 1.0
    /// Tolerance for webhooks that seem to arrive before they were sent, in seconds.
    public static let behindS = 2.0
    /// Maximum delay of the fastest webhook, in seconds.
    public static let aheadS = 10.0
    /// Maximum number of tracks with a reported codec mismatch.
    static let mostSuspicions = 4

    /// When the first entry was written, seconds since 1970; nil without entries.
    public let startedAt: Double?
    /// The end of the call: by its lifecycle webhook, otherwise by the end of its last stream; nil while neither is
    /// known.
    public let endedAt: Double?
    /// The duration of its streams: the longest of them by its samples, or all of them by the receiver's monotonic
    /// clock, whichever is longer. Nil while the call is active, and without any stream.
    public let seconds: Double?
    /// `completed` or `failed` by webhook; otherwise how its last stream ended: `stream timeout`.
    public let end: String?
    /// The number of opened streams.
    public let streams: Int
    /// In the order of ``CallFinding/Code``.
    public let findings: [CallFinding]

    /// - Parameters:
    ///   - entries: all of one call, in any order.
    ///   - now: seconds since 1970; a stream that has not ended by then is active.
    ///   - uptime: the current monotonic time; it replaces `now` for entries of its boot.
    ///   - isProbe: whether the call is a test call of `sidetone doctor`, whose end no platform reports.
    public init(of entries: [CallLogEntry], now: Double, uptime: UptimeReading? = nil, isProbe: Bool = false) {
        let steady = SteadyTimes(entries)
        let now = steady.time(of: uptime) ?? now
        let entries = steady.entries
        // Anyone can send a webhook that need not be signed: it does not prove the end of the call.
        let webhooks = entries.filter { $0.log == .webhook && $0.isVerified }
        let receiver = entries.filter { $0.log == .receiver }
        let opened = receiver.filter { $0.event == "stream.opened" }
        let ended = receiver.filter { $0.event == "stream.ended" }
        let over = webhooks.first {
            $0.event == WebhookEvent.callCompleted.rawValue || $0.event == WebhookEvent.callFailed.rawValue
        }
        let skew = Self.skew(webhooks)
        /// When a webhook's event happened, by the receiver's clock.
        func moment(_ webhook: CallLogEntry) -> ClosedRange<Double> {
            guard let sent = webhook.number("sent_at").map({ $0 + (skew ?? 0) }) else {
                return webhook.time...webhook.time
            }
            return sent...(webhook.time - sent > Self.aheadS ? webhook.time : sent)
        }

        startedAt = (entries.first { $0.isVerified } ?? entries.first)?.time
        streams = opened.count
        seconds = over == nil && ended.count < opened.count ? nil : Self.seconds(opened: opened, ended: ended)
        endedAt = over.map { moment($0).lowerBound } ?? ended.last?.time
        end =
            over.map { $0.event == WebhookEvent.callFailed.rawValue ? "failed" : "completed" }
            ?? ended.last.map { "stream \($0.text("reason") ?? "ended")" }

        var findings: [CallFinding] = []
        let hasWebhooks = entries.contains { $0.log == .webhook }
        let expectsWebhooks = hasWebhooks || opened.contains { $0.flag("webhooks") == true }
        if let last = ended.last, over == nil, expectsWebhooks, !isProbe {
            let isUnsigned = entries.contains { $0.log == .webhook && $0.event == WebhookEvent.callCompleted.rawValue }
            findings.append(
                CallFinding(
                    .completionMissing,
                    "a stream ended \(Self.age(now - last.time)) ago, and "
                        + (isUnsigned
                            ? "the only call.completed is not signed: set the platform's key file in the webhooks source"
                            : "no call.completed arrived: check the platform's webhook_url")))
        }
        if let over, over.event == WebhookEvent.callCompleted.rawValue, opened.isEmpty {
            findings.append(
                CallFinding(
                    .streamMissing,
                    "the call was completed, but no stream of it arrived: check the stream_url, then the refused upgrades"
                ))
        }
        findings += Self.early(receiver, webhooks: webhooks, moment: moment)
        if let over {
            let answers = entries.filter { $0.log == .answer }
            findings += Self.distant(opened, ended: ended, answers: answers, from: moment(over), now: now)
        }
        if let skew {
            findings.append(
                CallFinding(
                    .clockSkew,
                    skew < 0
                        ? "the receiver's clock is \(Self.age(-skew)) or more behind the platform's"
                        : "the receiver's clock is up to \(Self.age(skew)) ahead of the platform's, or every webhook arrived that late"
                ))
        }
        findings += receiver.filter { $0.event == "codec.suspected" }.prefix(Self.mostSuspicions).map(Self.suspicion)
        self.findings = findings
    }

    private static func suspicion(_ entry: CallLogEntry) -> CallFinding {
        let (announced, heard) = (entry.text("announced") ?? "", entry.text("sounds_like") ?? "")
        let isOrder = [announced, heard].allSatisfy { $0.hasPrefix("L16") }
        return CallFinding(
            .codecSuspected,
            "\(entry.text("track") ?? "a track") was announced as \(announced) but sounds like \(heard): "
                + (isOrder ? "check l16_byte_order of the websocket source" : "check the codec of the stream's action"))
    }

    /// Seconds by which the receiver's clock is ahead of the platform's; nil if they agree, or if it is unknown. No
    /// webhook arrives before it is sent, so the fastest one is the best estimate.
    private static func skew(_ webhooks: [CallLogEntry]) -> Double? {
        let delays = webhooks.compactMap { webhook in webhook.number("sent_at").map { webhook.time - $0 } }
        guard let least = delays.min(), least < -behindS || least > aheadS else { return nil }
        return least
    }

    private static func early(
        _ receiver: [CallLogEntry], webhooks: [CallLogEntry], moment: (CallLogEntry) -> ClosedRange<Double>
    ) -> [CallFinding] {
        guard let media = receiver.first(where: { $0.event == "media.first" }),
            let answer = webhooks.first(where: { $0.event == WebhookEvent.callAnswered.rawValue })
        else { return [] }
        let lead = moment(answer).lowerBound - media.time
        guard lead > answerToleranceS else { return [] }
        return [CallFinding(.mediaBeforeAnswer, "media arrived \(age(lead)) before the call was answered")]
    }

    private static func distant(
        _ opened: [CallLogEntry], ended: [CallLogEntry], answers: [CallLogEntry], from end: ClosedRange<Double>,
        now: Double
    ) -> [CallFinding] {
        var findings: [CallFinding] = []
        let late = ended.map { $0.time - end.upperBound }.max() ?? 0
        if opened.count > ended.count, now - end.upperBound > endToleranceS {
            findings.append(
                CallFinding(
                    .streamEndedLate, "a stream is still active \(age(now - end.upperBound)) after the end of the call")
            )
        } else if late > endToleranceS {
            findings.append(CallFinding(.streamEndedLate, "a stream ended \(age(late)) after the call"))
        }
        if let last = ended.last, opened.count <= ended.count, end.lowerBound - last.time > endToleranceS,
            !wasOrdered(last, answers: answers)
        {
            findings.append(
                CallFinding(
                    .streamEndedEarly,
                    "the last stream ended \(age(end.lowerBound - last.time)) before the call, by \(last.text("reason") ?? "an unknown reason")"
                ))
        }
        return findings
    }

    /// Whether a document requested the end of a stream: the platform sent `stop`, and a served document has a
    /// `stop_stream`, or no document was served here, so that the actions are unknown.
    private static func wasOrdered(_ end: CallLogEntry, answers: [CallLogEntry]) -> Bool {
        guard end.text("reason") == "stop" else { return false }
        let actions = answers.compactMap { $0.text("actions") }.flatMap { $0.split(separator: ", ") }
        return answers.isEmpty || actions.contains("stop_stream")
    }

    /// Seconds for display: one decimal below a minute.
    private static func age(_ seconds: Double) -> String {
        let tenths = (seconds * 10).rounded() / 10
        return abs(tenths) < 60 ? "\(tenths) s" : "\(Int(min(max(seconds, -1e15), 1e15).rounded())) s"
    }

    /// A difference of wall-clock times is not a duration: the clock may have been set meanwhile.
    private static func seconds(opened: [CallLogEntry], ended: [CallLogEntry]) -> Double? {
        let longest = ended.compactMap { $0.number("seconds") }.max()
        let readings = (opened + ended).compactMap(\.uptime)
        let uptimes = readings.map(\.seconds)
        guard readings.count == opened.count + ended.count, Set(readings.map(\.boot)).count == 1,
            let first = uptimes.min(), let last = uptimes.max()
        else { return longest }
        return max(longest ?? 0, last - first)
    }
}
