package import SidetoneCallControl
import SidetoneConfiguration
import SidetoneFiles
package import SidetoneJSON
package import SidetoneModel
package import SidetonePipeline
import SidetonePlatforms

/// The recorded calls: one line per call, or the events of one call chronologically.
package struct CallsReport: Sendable {
    /// The summary of a call.
    package struct Call: Sendable {
        package var id: String
        /// Seconds since 1970.
        package var startedAt: Double?
        /// Total duration of its streams, by their samples or by the receiver's monotonic clock, whichever is longer:
        /// independent of steps of the wall clock. Nil while the call is active, and without any stream.
        package var seconds: Double?
        package var streams: Int
        /// `completed`, `failed`, or how its last stream ended; nil while the call is active.
        package var end: String?
        /// Sentences, each with its code.
        package var findings: [CallFinding]
    }

    /// One event of a call.
    package struct TimelineEntry: Sendable {
        /// Seconds since 1970.
        package var time: Double
        /// `answer`, `receiver`, `webhook`, `signal`, or `summary`.
        package var log: String
        package var event: String
        /// Further values; never digits.
        package var values: [Signal.Entry]
    }

    private let logs: any CallLogs
    private let now: @Sendable () -> Double

    /// Reads an output directory.
    /// - Throws: `Diagnostics` when the directory does not exist.
    package init(directory: String) throws(Diagnostics) {
        do throws(FileError) { logs = try CallLogFolder(directory) } catch {
            throw Diagnostics(
                Diagnostic(
                    file: directory, line: 1,
                    wrong:
                        "cannot be read [\(error.code.rawValue)]; set --directory to the output directory of a pipeline"
                ))
        }
        now = WallClock.now
    }

    /// Reads from any store of call logs.
    package init(_ logs: any CallLogs, now: @escaping @Sendable () -> Double) {
        self.logs = logs
        self.now = now
    }

    /// The calls with the latest writes, newest first.
    package func calls(limit: Int) async throws -> [Call] {
        var calls: [Call] = []
        for kept in try await logs.newestCalls(limit: limit) {
            calls.append(try await call(kept.id, entries: try await logs.log(of: kept.id)))
        }
        return calls
    }

    /// One call with all its events; nil for an unknown call.
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

    /// The events of a call of which neither logs nor signals were kept.
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
        // No logs were kept, so missing events are not a finding.
        let streams = try await logs.streams(of: id)
        let startedAt = streams.compactMap(\.startedAt).min()
        let last = streams.max { ($0.endedAt ?? .infinity) < ($1.endedAt ?? .infinity) }
        let isOver = !streams.isEmpty && streams.allSatisfy { $0.reason != nil }
        return Call(
            id: id, startedAt: startedAt, seconds: isOver ? Self.seconds(of: streams) : nil, streams: streams.count,
            end: last?.reason.map { "stream \($0)" }, findings: [])
    }

    private static func call(_ id: String, entries: [CallLogEntry], at now: Double) -> Call {
        let review = CallReview(
            of: entries, now: now, uptime: Uptime.reading, isProbe: PlatformCatalog.isProbe(callID: id))
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
                // The non-overlapping part, by wall-clock time; at most the stream's own length is added.
                group.seconds = max(
                    group.seconds, min(span.start - group.start + span.seconds, group.seconds + span.seconds))
            } else {
                total += group.seconds
                group = span
            }
        }
        return total + group.seconds
    }

    /// A CloudEvent of Sidetone; nil for anything else.
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
