import Glibc
import SidetoneJSON
package import SidetoneModel
import SidetonePipeline

/// Appends to the three logs of calls: `DIR/<call>/answer.jsonl`, `receiver.jsonl` and `webhook.jsonl`. Entries that belong
/// to no call, such as a refused upgrade, go to the file of that name in the output directory itself. So do entries from
/// unauthenticated senders, unless the call already has a folder: a request alone never creates one. Such entries fill at
/// most half of a top-level file.
///
/// Lines are rare, so no file stays open: each is opened, written in one call, and closed. An unfinished line of a killed
/// process is terminated before the next one.
package final class CallLogWriter {
    private let directory: String
    private let keepsNumbers: Bool
    private let fileLimit: Int64
    private var top: Folder?
    private var json = JSONWriter()
    /// Lines that found no room, because their file had reached its limit.
    package private(set) var passedOver = 0

    /// - Parameters:
    ///   - directory: created with the first line.
    ///   - keepsNumbers: whether telephone numbers are written in full instead of masked.
    ///   - fileLimit: maximum size of one file in bytes.
    package init(directory: String, keepsNumbers: Bool = false, fileLimit: Int64 = 16 << 20) {
        self.directory = directory
        self.keepsNumbers = keepsNumbers
        self.fileLimit = fileLimit
    }

    private struct Target: Hashable {
        var call: String
        var log: CallLogEntry.Log
    }

    /// - Throws: the first `FileError`, after every file was tried.
    package func write(_ entries: [CallLogEntry]) throws(FileError) {
        var targets: [Target] = []
        var lines: [Target: [CallLogEntry]] = [:]
        for entry in entries {
            let target = path(of: entry)
            if lines[target] == nil { targets.append(target) }
            lines[target, default: []].append(entry)
        }
        var first: FileError?
        for target in targets {
            do throws(FileError) { try append(lines[target] ?? [], to: target) } catch { first = first ?? error }
        }
        if let first { throw first }
    }

    private func path(of entry: CallLogEntry) -> Target {
        let isAtTop = !entry.isVerified && !entry.call.isEmpty && !hasFolder(entry.call)
        return Target(call: isAtTop ? "" : entry.call, log: entry.log)
    }

    private func hasFolder(_ call: String) -> Bool {
        (try? Folder.at(directory, makes: false))?.isFolder(SafeName.component(call)) == true
    }

    private func append(_ entries: [CallLogEntry], to target: Target) throws(FileError) {
        let folder = try folder(of: target.call)
        let name = "\(target.log.rawValue).jsonl"
        let descriptor = try folder.appendedFile(name)
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw FileError(.nameTaken, "\(folder.path)/\(name)", "not a regular file: move it away")
        }
        var bytes: [UInt8] = Self.endsWithinLine(descriptor, size: Int64(status.st_size)) ? [UInt8(ascii: "\n")] : []
        for entry in entries {
            json.removeAll()
            (keepsNumbers ? entry : entry.masked).write(to: &json)
            json.endLine()
            let limit = target.call.isEmpty && !entry.isVerified ? fileLimit / 2 : fileLimit
            guard Int64(status.st_size) + Int64(bytes.count + json.bytes.count) <= limit else {
                passedOver += 1
                continue
            }
            bytes += json.bytes
        }
        guard !bytes.isEmpty else { return }
        let written = Glibc.write(descriptor, bytes, bytes.count)
        guard written == bytes.count else {
            let error = FileError(errno: written < 0 ? errno : ENOSPC, "write", "\(folder.path)/\(name)")
            // Complete lines or none.
            if written > 0 { ftruncate(descriptor, status.st_size) }
            throw error
        }
    }

    private func folder(of call: String) throws(FileError) -> Folder {
        let top: Folder
        if let open = self.top { top = open } else { top = try Folder.at(directory, makes: true) }
        self.top = top
        guard !call.isEmpty else { return top }
        let name = SafeName.component(call)
        _ = try top.makeFolder(name)
        return try top.folder(name)
    }

    private static func endsWithinLine(_ descriptor: Int32, size: Int64) -> Bool {
        guard size > 0 else { return false }
        var last: UInt8 = 0
        return pread(descriptor, &last, 1, off_t(size - 1)) == 1 && last != UInt8(ascii: "\n")
    }
}
