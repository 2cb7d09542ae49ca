import Glibc
import SidetoneCallControl
import SidetoneJSON
package import SidetoneModel
package import SidetonePipeline

/// Reads calls from an output directory: their logs and signals as written by the sinks `log` and `jsonl`, and their
/// streams from the files of any sink.
package struct CallLogFolder: CallLogs {
    /// Maximum lines read per file: more than a person reads.
    static let lineLimit = 100_000

    private let directory: String

    /// - Throws: if the directory does not exist.
    package init(_ directory: String) throws(FileError) {
        self.directory = directory
        _ = try Folder.at(directory, makes: false)
    }

    package func newestCalls(limit: Int) throws(FileError) -> [ArchivedCall] {
        let top = try Folder.at(directory, makes: false)
        var found: [(name: String, written: Int)] = []
        for name in top.names() where !name.hasPrefix(".") {
            guard let folder = try? top.folder(name) else { continue }
            let times = CallLogEntry.Log.allCases.compactMap { folder.modified("\($0.rawValue).jsonl") }
            // Only needed for calls without logs.
            let newest = times.max() ?? folder.names().compactMap { Self.written(folder, stream: $0) }.max()
            if let newest { found.append((name, newest)) }
        }
        found.sort { ($0.written, $0.name) > ($1.written, $1.name) }
        return found.prefix(limit).map { ArchivedCall(id: id(ofFolder: $0.name), writtenAt: Double($0.written) / 1e9) }
    }

    /// Files by which a folder is recognised as a stream's.
    private static let streamFiles = [
        "summary.json", "signals.jsonl", "capture.jsonl", "call.wav", "inbound.wav", "outbound.wav", "inbound.csv",
        "outbound.csv",
    ]

    /// When a stream of a call was last written; nil if the name is not a stream's.
    private static func written(_ call: Folder, stream: String) -> Int? {
        guard let folder = try? call.folder(stream) else { return nil }
        return streamFiles.compactMap { folder.modified($0) }.max()
    }

    package func streams(of call: String) -> [ArchivedStream] {
        let name = SafeName.component(call)
        guard let folder = try? Folder.at(directory, makes: false).folder(name) else { return [] }
        return folder.names().filter { Self.written(folder, stream: $0) != nil }
            .map { stream("\(directory)/\(name)/\($0)") }
            .sorted { ($0.startedAt ?? .infinity) < ($1.startedAt ?? .infinity) }
    }

    /// A stream, read from its summary or else from its signals.
    private func stream(_ path: String) -> ArchivedStream {
        var kept = ArchivedStream(startedAt: nil, endedAt: nil, reason: nil)
        if let summary = object("\(path)/summary.json") {
            kept.startedAt = Self.text(summary, name: "started_at").flatMap { UTCTime($0)?.unixSeconds }
            kept.reason = Self.text(summary, name: "reason")
            if case .number(let seconds)? = summary["seconds"] {
                kept.seconds = seconds.value
                kept.endedAt = kept.startedAt.map { $0 + seconds.value }
            }
            return kept
        }
        for line in (try? lines("\(path)/signals.jsonl")) ?? [] {
            guard let event = Self.object(line), let type = Self.text(event, name: "type"),
                let time = Self.text(event, name: "time").flatMap({ UTCTime($0)?.unixSeconds })
            else { continue }
            if type == "sidetone.stream.started.v1" { kept.startedAt = time }
            if type == "sidetone.stream.ended.v1" {
                kept.endedAt = time
                if case .object(let data)? = event["data"] {
                    kept.reason = Self.text(data, name: "reason")
                    if case .number(let end)? = data["end"] { kept.seconds = end.value }
                }
            }
        }
        return kept
    }

    package func log(of call: String) throws(FileError) -> [CallLogEntry] {
        var entries: [CallLogEntry] = []
        let name = folder(of: call)
        for log in CallLogEntry.Log.allCases {
            for line in try lines("\(directory)/\(name)/\(log.rawValue).jsonl") {
                if let entry = Self.entry(line, log: log) { entries.append(entry) }
            }
        }
        // Unverified entries alone do not make a call known.
        if !entries.isEmpty || isFolder(name) { entries += try unverifiedLog(of: call) }
        return entries.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }
            .map(\.element)
    }

    /// Entries about a call from unauthenticated senders that arrived before it was known; they are in the top-level files.
    package func unverifiedLog(of call: String) throws(FileError) -> [CallLogEntry] {
        var entries: [CallLogEntry] = []
        for log in CallLogEntry.Log.allCases {
            for line in try lines("\(directory)/\(log.rawValue).jsonl") {
                if let entry = Self.entry(line, log: log), entry.call == call { entries.append(entry) }
            }
        }
        return entries
    }

    private func isFolder(_ name: String) -> Bool {
        (try? Folder.at(directory, makes: false))?.isFolder(name) == true
    }

    package func events(of call: String) throws(FileError) -> [String] {
        let name = folder(of: call)
        guard let folder = try? Folder.at(directory, makes: false).folder(name) else { return [] }
        var events: [String] = []
        for stream in folder.names() where (try? folder.folder(stream)) != nil {
            events += try lines("\(directory)/\(name)/\(stream)/signals.jsonl").map {
                String(decoding: $0, as: UTF8.self)
            }
        }
        return events
    }

    /// The folder name of a call, accepted instead of its id.
    private func folder(of call: String) -> String {
        let name = SafeName.component(call)
        guard name != call, SafeName.isComponent(call), let top = try? Folder.at(directory, makes: false),
            !top.isFolder(name), top.isFolder(call)
        else { return name }
        return call
    }

    /// The call whose logs or streams a folder holds: the folder's name is the id or derived from it.
    private func id(ofFolder name: String) -> String {
        for log in CallLogEntry.Log.allCases {
            if let line = firstLine("\(directory)/\(name)/\(log.rawValue).jsonl"),
                let entry = Self.entry(line, log: log),
                SafeName.component(entry.call) == name
            {
                return entry.call
            }
        }
        guard SafeName.isHashed(name), let folder = try? Folder.at(directory, makes: false).folder(name) else {
            return name
        }
        for stream in folder.names() {
            let path = "\(directory)/\(name)/\(stream)"
            let ids = [
                object("\(path)/summary.json").flatMap { Self.text($0, name: "call") },
                firstLine("\(path)/signals.jsonl").flatMap { Self.object($0) }.flatMap {
                    Self.text($0, name: "subject")
                },
            ]
            if let id = ids.compactMap({ $0 }).first(where: { SafeName.component($0) == name }) { return id }
        }
        return name
    }

    private func firstLine(_ path: String) -> [UInt8]? {
        guard let reader = try? LineReader(path: path) else { return nil }
        return try? reader.next()?.bytes
    }

    /// The object in a file of one line.
    private func object(_ path: String) -> JSONObject? { firstLine(path).flatMap { Self.object($0) } }

    private static func text(_ object: JSONObject, name: String) -> String? {
        guard case .text(let text)? = object[name] else { return nil }
        return text
    }

    private static func object(_ line: [UInt8]) -> JSONObject? {
        var findings = Diagnostics()
        guard case .object(let object)? = JSONReader.read(line, into: &findings) else { return nil }
        return object
    }

    /// The complete lines of a file; none if it does not exist.
    private func lines(_ path: String) throws(FileError) -> [[UInt8]] {
        let reader: LineReader
        do throws(FileError) { reader = try LineReader(path: path) } catch {
            if error.code == .notFound { return [] }
            throw error
        }
        var lines: [[UInt8]] = []
        while lines.count < Self.lineLimit, let line = try reader.next() { lines.append(line.bytes) }
        return lines
    }

    /// One line; nil if it is not a log entry, for example because it was truncated.
    static func entry(_ line: [UInt8], log: CallLogEntry.Log) -> CallLogEntry? {
        guard let object = object(line), case .text(let time)? = object["time"],
            let seconds = UTCTime(time)?.unixSeconds,
            case .text(let call)? = object["call"], case .text(let event)? = object["event"]
        else { return nil }
        var values: [Signal.Entry] = []
        if case .object(let data)? = object["data"] {
            for member in data.members {
                switch member.value {
                case .text(let text): values.append(Signal.Entry(member.name, .text(text)))
                case .flag(let flag): values.append(Signal.Entry(member.name, .flag(flag)))
                case .number(let number):
                    let whole = Int64(number.literal)
                    values.append(
                        Signal.Entry(member.name, whole.map { .integer($0) } ?? .number(number.value)))
                case .null, .list, .object: break
                }
            }
        }
        return CallLogEntry(time: seconds, log: log, call: call, event: event, values: values)
    }
}
