package import SidetoneCallControl
package import SidetoneConfiguration
import SidetoneFiles
package import SidetoneJSON
package import SidetoneModel
package import SidetonePipeline

/// What is known of calls: a line each, or one of them in the order of its times.
package struct CallsReport: Sendable {
    /// A call at a glance.
    package struct Call: Sendable {
        package var id: String
        /// Seconds since 1970.
        package var startedAt: Double?
        /// How long its streams lasted, by their samples or by the receiver's monotonic clock, whichever is longer: no
        /// step of the wall clock changes it. Nil while it runs, and without any stream.
        package var seconds: Double?
        package var streams: Int
        /// `completed`, `failed`, or how its last stream ended; nil while it runs.
        package var end: String?
        /// Sentences, each with its code.
        package var findings: [CallFinding]
    }

    /// One thing that happened in a call.
    package struct TimelineEntry: Sendable {
        /// Seconds since 1970.
        package var time: Double
        /// `answer`, `receiver`, `webhook`, `signal`, or `summary`.
        package var log: String
        package var event: String
        /// What else is known; never digits.
        package var values: [Signal.Entry]
    }

    private let logs: any CallLogs
    private let now: @Sendable () -> Double

    /// Reads an output directory.
    ///
    /// - Throws: `Diagnostics` when there is no such directory.
    package init(directory: String) throws(Diagnostics) {
        do throws(FileError) { logs = try CallLogFolder(directory) } catch {
            throw Diagnostics(
                Diagnostic(
                    file: directory, line: 1,
                    wrong:
                        "cannot be read [\(error.code.rawValue)]; name the output directory of a pipeline with --directory"
                ))
        }
        now = WallClock.now
    }

    /// Reads from wherever call logs are kept.
    package init(_ logs: any CallLogs, now: @escaping @Sendable () -> Double) {
        self.logs = logs
        self.now = now
    }

    /// The calls that were written to last, the newest first.
    package func calls(limit: Int) async throws -> [Call] {
        var calls: [Call] = []
        for kept in try await logs.newestCalls(limit: limit) {
            calls.append(try await call(kept.id, entries: try await logs.log(of: kept.id)))
        }
        return calls
    }

    /// One call, and everything that happened in it; nil for a call that is not known.
    package func call(_ id: String) async throws -> (call: Call, timeline: [TimelineEntry])? {
        let entries = try await logs.log(of: id)
        let signals = try await logs.events(of: id).compactMap { Self.signal($0) }
        let call = try await call(id, entries: entries)
        guard !entries.isEmpty || !signals.isEmpty || call.streams > 0 else { return nil }
        guard !entries.isEmpty || !signals.isEmpty else { return (call, try await timeline(ofStreams: id)) }
        let timeline =
            entries.map {
                TimelineEntry(time: $0.time, log: $0.log.rawValue, event: $0.event, values: $0.printedValues)
            }
            + signals
        let sorted = timeline.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }
        return (call, sorted.map(\.element))
    }

    /// All that is known where neither logs nor signals were kept.
    private func timeline(ofStreams id: String) async throws -> [TimelineEntry] {
        let timeline = try await logs.streams(of: id).flatMap { stream in
            [
                stream.startedAt.map { TimelineEntry(time: $0, log: "summary", event: "stream.started", values: []) },
                stream.endedAt.map { time in
                    let reason = stream.reason.map { [Signal.Entry("reason", .text($0))] } ?? []
                    return TimelineEntry(time: time, log: "summary", event: "stream.ended", values: reason)
                },
            ]
        }
        return timeline.compactMap { $0 }.sorted { $0.time < $1.time }
    }

    private func call(_ id: String, entries: [CallLogEntry]) async throws -> Call {
        guard entries.isEmpty else { return Self.call(id, entries: entries, at: now()) }
        // Nobody kept its logs, so that what they lack is no finding.
        let streams = try await logs.streams(of: id)
        let startedAt = streams.compactMap(\.startedAt).min()
        let last = streams.max { ($0.endedAt ?? .infinity) < ($1.endedAt ?? .infinity) }
        let isOver = !streams.isEmpty && streams.allSatisfy { $0.reason != nil }
        return Call(
            id: id, startedAt: startedAt, seconds: isOver ? Self.seconds(of: streams) : nil, streams: streams.count,
            end: last?.reason.map { "stream \($0)" }, findings: [])
    }

    private static func call(_ id: String, entries: [CallLogEntry], at now: Double) -> Call {
        let review = CallReview(of: entries, now: now, uptime: Uptime.reading)
        return Call(
            id: id, startedAt: review.startedAt, seconds: review.seconds, streams: review.streams, end: review.end,
            findings: review.findings)
    }

    /// The duration of a call's streams together; concurrent streams count once.
    ///
    /// Wall-clock times only decide which streams are concurrent; durations come from the samples.
    private static func seconds(of streams: [ArchivedStream]) -> Double? {
        let spans = streams.compactMap { stream in stream.seconds.map { (start: stream.startedAt ?? 0, seconds: $0) } }
            .sorted { $0.start < $1.start }
        guard var group = spans.first else { return nil }
        var total = 0.0
        for span in spans.dropFirst() {
            if span.start < group.start + group.seconds {
                // The part that lies beside, by the labels; never more than the stream's own length is added.
                group.seconds = max(
                    group.seconds, min(span.start - group.start + span.seconds, group.seconds + span.seconds))
            } else {
                total += group.seconds
                group = span
            }
        }
        return total + group.seconds
    }

    /// A CloudEvent of ours; nil for anything else.
    private static func signal(_ text: String) -> TimelineEntry? {
        var findings = Diagnostics()
        guard case .object(let event)? = JSONReader.read(Array(text.utf8), into: &findings),
            case .text(let time)? = event["time"], let seconds = UTCTime(time)?.unixSeconds,
            case .text(let type)? = event["type"]
        else { return nil }
        var values: [Signal.Entry] = []
        if case .object(let data)? = event["data"] {
            for member in data.members where member.name != "digit" {
                switch member.value {
                case .text(let text): values.append(.init(member.name, .text(text)))
                case .number(let number): values.append(.init(member.name, .number(number.value)))
                case .flag(let flag): values.append(.init(member.name, .flag(flag)))
                case .null, .list, .object: break
                }
            }
        }
        return TimelineEntry(time: seconds, log: "signal", event: type, values: values)
    }
}
