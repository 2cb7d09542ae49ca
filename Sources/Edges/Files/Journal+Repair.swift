import Glibc
import SidetoneCodecs

extension Journal {
    /// The repair of one file that a killed process had open.
    package struct Repair: Sendable, Hashable, CustomStringConvertible {
        /// Below the output directory.
        package var path: String
        /// Bytes of an incomplete record that were cut.
        package var cutBytes: Int64 = 0
        /// Why the repair failed, if it did; the file is unchanged.
        package var problem: String?

        package var description: String {
            if let problem { return "\(path): not repaired: \(problem)" }
            return cutBytes > 0 ? "\(path): \(cutBytes) bytes cut" : "\(path): whole"
        }
    }

    /// Repairs exactly the files that killed processes had open below a directory.
    ///
    /// Call it before anything is written there. It is safe while other processes run, whose files are not touched, and may
    /// be repeated. A missing directory needs no repair.
    ///
    /// - Returns: the files that were open, for the log.
    package static func repair(_ directory: String) -> [Repair] {
        guard let top = try? Folder.at(directory, makes: false), let folder = try? top.folder(folderName) else {
            return []
        }
        var repairs: [Repair] = []
        for name in folder.names() where name.hasPrefix(prefix) {
            guard let descriptor = folder.existingFile(name) else { continue }
            defer { close(descriptor) }
            guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { continue }
            // Another process may have repaired and removed it in the meantime.
            var status = stat()
            guard fstat(descriptor, &status) == 0, status.st_nlink > 0 else { continue }
            for (path, kind) in openFiles(descriptor, size: Int(status.st_size)) {
                repairs.append(repair(path, kind: kind, in: top))
            }
            folder.remove(name)
        }
        return repairs
    }

    /// The files still open according to the journal, in order.
    private static func openFiles(_ descriptor: Int32, size: Int) -> [(String, Kind)] {
        var bytes = [UInt8](repeating: 0, count: size)
        let count = pread(descriptor, &bytes, size, 0)
        var open: [String: Kind] = [:]
        // An incomplete last line is ignored.
        let lines = bytes.prefix(max(0, count)).split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for line in lines.dropLast() {
            let entry = String(decoding: line, as: UTF8.self)
            if entry.hasPrefix("closed ") {
                open[String(entry.dropFirst(7))] = nil
            } else if entry.hasPrefix("open "), let space = entry.lastIndex(of: " "),
                let kind = Kind(rawValue: String(entry[entry.index(after: space)...]))
            {
                open[String(entry[..<space].dropFirst(5))] = kind
            }
        }
        return open.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    private static func repair(_ path: String, kind: Kind, in top: Folder) -> Repair {
        var repair = Repair(path: path)
        do throws(FileError) {
            var components = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
            guard let name = components.popLast(), !name.isEmpty, name != ".." else {
                throw FileError(.malformed, path, "the journal entry names no file")
            }
            var folder = top
            for component in components {
                guard !component.isEmpty, component != ".." else {
                    throw FileError(.malformed, path, "the journal entry names a file outside the directory")
                }
                folder = try folder.folder(component)
            }
            if kind == .temporary {
                folder.remove(name)
                return repair
            }
            guard let descriptor = folder.existingFile(name) else {
                throw FileError(.notFound, path, "the file no longer exists")
            }
            defer { close(descriptor) }
            var status = stat()
            guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
                throw FileError(.unreadable, path, "not a regular file")
            }
            let size = Int64(status.st_size)
            let whole =
                switch kind {
                case .wav: try WAVHeader.repair(descriptor, fileBytes: size, path: path)
                case .lines: lastLineEnd(descriptor, size: size)
                case .matrix, .temporary: size
                }
            if whole < size {
                guard ftruncate(descriptor, off_t(whole)) == 0 else { throw FileError(errno: errno, "cut", path) }
                repair.cutBytes = size - whole
            }
        } catch {
            repair.problem = error.detail
        }
        return repair
    }

    /// The offset at which the last complete line ends.
    private static func lastLineEnd(_ descriptor: Int32, size: Int64) -> Int64 {
        var end = size
        var piece = [UInt8](repeating: 0, count: 65_536)
        while end > 0 {
            let start = max(0, end - Int64(piece.count))
            let count = pread(descriptor, &piece, Int(end - start), off_t(start))
            guard count == Int(end - start) else { return size }
            if let last = piece[..<count].lastIndex(of: UInt8(ascii: "\n")) { return start + Int64(last) + 1 }
            end = start
        }
        return 0
    }
}
