import ArgumentParser
import SidetoneCallControl
import SidetoneJSON
import SidetoneModel
import SidetonePipeline

struct Calls: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Lists calls and detected problems; with an ID, prints one call's events chronologically.",
        discussion: """
            Reads the call history of the `store` sink, and the folders of calls: the answer, receiver and webhook logs of the \
            `log` sink, the signals of `jsonl`, and for a call without either the start and end of its streams. A finding is a problem that the logs show together, such as media before the answer; the exit status remains 0.
            """)

    @Argument(help: "ID of a call; without it, calls are listed.")
    var id: String?

    @Option(help: "Output directory of the pipeline.")
    var directory: String = "out"

    @Option(help: "Maximum number of calls to list, newest first.")
    var limit: Int = 100

    @Option(help: "Output format: text or json.")
    var format: OutputFormat = .text

    func validate() throws {
        guard (1...100_000).contains(limit) else { throw ValidationError("--limit is \(limit); expected 1…100000") }
    }

    func run() async throws {
        let report = try CallsReport.reading(directory)
        guard let id else {
            list(try await report.calls(limit: limit))
            return
        }
        guard let (call, timeline) = try await report.call(id) else {
            throw CommandFailure(
                message: "\(directory) has no data of call \(Self.plain(id)); run sidetone calls to list its calls",
                code: 2)
        }
        show(call, timeline: timeline)
    }

    private func list(_ calls: [CallsReport.Call]) {
        switch format {
        case .text:
            guard !calls.isEmpty else {
                Console.log(
                    "\(directory) has no call data; set --directory to the output directory of a pipeline")
                return
            }
            var table = TextTable(header: ["call", "start", "seconds", "streams", "end", "findings"])
            for call in calls {
                table.add([
                    Self.plain(call.id), call.startedAt.map { UTCTime(unixSeconds: $0).seconds } ?? "",
                    call.seconds.map { SystemInfo.fixed($0, decimals: 1) } ?? "", "\(call.streams)",
                    Self.plain(call.end ?? ""),
                    call.findings.map(\.code.rawValue).joined(separator: ", "),
                ])
            }
            for line in table.lines { Console.print(line) }
        case .json:
            for call in calls { Console.print(json { Self.write(call, to: &$0) }) }
        }
    }

    private func show(_ call: CallsReport.Call, timeline: [CallsReport.TimelineEntry]) {
        switch format {
        case .text:
            for entry in timeline {
                let log = entry.log + String(repeating: " ", count: max(0, 8 - entry.log.count))
                let values = entry.values.map { "\($0.name)=\(Self.text($0.value))" }.joined(separator: " ")
                Console.print(
                    "\(UTCTime(unixSeconds: entry.time).milliseconds.dropFirst(11).prefix(12))  \(log)  \(Self.plain(entry.event))  \(values)"
                )
            }
            for finding in call.findings { Console.print("finding: \(Self.plain("\(finding)"))") }
        case .json:
            for entry in timeline { Console.print(json { Self.write(entry, to: &$0) }) }
            Console.print(json { Self.write(call, to: &$0) })
        }
    }

    private func json(_ write: (inout JSONWriter) -> Void) -> String {
        var json = JSONWriter()
        write(&json)
        return String(decoding: json.bytes, as: UTF8.self)
    }

    private static func write(_ call: CallsReport.Call, to json: inout JSONWriter) {
        json.beginObject()
        json.member("call", text: call.id)
        json.key("start")
        if let start = call.startedAt { json.value(UTCTime(unixSeconds: start).microseconds) } else { json.null() }
        json.member("seconds", number: call.seconds)
        json.member("streams", integer: Int64(call.streams))
        json.key("end")
        if let end = call.end { json.value(end) } else { json.null() }
        json.key("findings")
        json.beginArray()
        for finding in call.findings {
            json.beginObject()
            json.member("code", text: finding.code.rawValue)
            json.member("detail", text: finding.detail)
            json.endObject()
        }
        json.endArray()
        json.endObject()
    }

    private static func write(_ entry: CallsReport.TimelineEntry, to json: inout JSONWriter) {
        json.beginObject()
        json.member("time", text: UTCTime(unixSeconds: entry.time).microseconds)
        json.member("log", text: entry.log)
        json.member("event", text: entry.event)
        json.key("data")
        json.beginObject()
        for entry in entry.values { json.member(entry) }
        json.endObject()
        json.endObject()
    }

    private static func text(_ value: Signal.Value) -> String {
        switch value {
        case .text(let text): text.contains(" ") ? "\"\(plain(text))\"" : plain(text)
        case .number(let number): plain(number)
        case .integer(let integer): "\(integer)"
        case .flag(let flag): "\(flag)"
        }
    }

    /// Rounded to three decimals; whole numbers without a decimal point.
    private static func plain(_ number: Double) -> String {
        let rounded = (number * 1_000).rounded() / 1_000
        return Int64(exactly: rounded).map(String.init) ?? "\(rounded)"
    }

    /// Untrusted text, on one line.
    private static func plain(_ text: String) -> String { PrintableText.escaped(text, keepsLines: false) }
}
