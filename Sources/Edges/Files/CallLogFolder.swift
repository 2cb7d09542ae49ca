import Glibc
import SidetoneCallControl
package import SidetoneModel
import SidetonePipeline

/// Reads the logs and the signals of calls from an output directory, as the sinks `log` and `jsonl` wrote them.
package struct CallLogFolder: CallLogs {
    /// Lines of one file that are read: more than a person looks at.
    static let lineLimit = 100_000

    private let directory: String

    /// - Throws: when there is no such directory.
    package init(_ directory: String) throws(FileError) {
        self.directory = directory
        _ = try Folder.at(directory, makes: false)
    }

    package func callIDs(limit: Int) throws(FileError) -> [String] {
        let top = try Folder.at(directory, makes: false)
        var found: [(name: String, written: Int)] = []
        for name in top.names() where !name.hasPrefix(".") {
            guard let folder = try? top.folder(name) else { continue }
            let times = CallLogEntry.Log.allCases.compactMap { folder.modified("\($0.rawValue).jsonl") }
            if let newest = times.max() { found.append((name, newest)) }
        }
        found.sort { ($0.written, $0.name) > ($1.written, $1.name) }
        return found.prefix(limit).map { id(ofFolder: $0.name) }
    }

    package func log(of call: String) throws(FileError) -> [CallLogEntry] {
        var entries: [CallLogEntry] = []
        let name = folder(of: call)
        for log in CallLogEntry.Log.allCases {
            for line in try lines("\(directory)/\(name)/\(log.rawValue).jsonl") {
                if let entry = Self.entry(line, log) { entries.append(entry) }
            }
        }
        return entries.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }
            .map(\.element)
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

    /// The name of a call's folder; who gives that name instead of the id means the same.
    private func folder(of call: String) -> String {
        let name = SafeName.component(call)
        guard name != call, SafeName.isComponent(call), let top = try? Folder.at(directory, makes: false),
            !top.isFolder(name), top.isFolder(call)
        else { return name }
        return call
    }

    /// The call whose logs a folder holds: the folder's name is the id itself, or its hash.
    private func id(ofFolder name: String) -> String {
        for log in CallLogEntry.Log.allCases {
            guard let reader = try? LineReader(path: "\(directory)/\(name)/\(log.rawValue).jsonl"),
                let line = try? reader.next(), let entry = Self.entry(line.bytes, log),
                SafeName.component(entry.call) == name
            else { continue }
            return entry.call
        }
        return name
    }

    /// The whole lines of a file; none where it is not there.
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

    /// One line; nil where it is none of ours, such as one that was cut off.
    static func entry(_ line: [UInt8], _ log: CallLogEntry.Log) -> CallLogEntry? {
        var findings = Findings()
        guard case .object(let object)? = JSONReader.read(line, into: &findings),
            case .text(let time)? = object["time"], let seconds = WallTime.seconds(time),
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
