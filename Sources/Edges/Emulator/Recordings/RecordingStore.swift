import Foundation
import Glibc
package import SidetoneCallControl
package import SidetoneJSON
import Synchronization

/// The recordings of emulated calls: audio files in one directory, each with a JSON file of metadata.
package final class RecordingStore: Sendable {
    /// Maximum number of recordings; further ones are refused.
    static let most = 10_000

    package let directory: String
    private let recordings = Mutex<[String: Recording]>([:])
    private let wallClock: @Sendable () -> UTCTime
    /// The base URL of the files, without a trailing slash; nil if they are not served.
    private let baseURL: Mutex<String?>

    /// Creates the directory if it is missing.
    /// - Parameter baseURL: such as `http://127.0.0.1:8080`; nil if the files are not served.
    /// - Throws: when the directory cannot be created or written.
    package init(
        directory: String, baseURL: String? = nil, wallClock: @escaping @Sendable () -> UTCTime
    ) throws {
        self.directory = directory
        self.wallClock = wallClock
        self.baseURL = Mutex(baseURL)
        var made = directory.hasPrefix("/") ? "/" : ""
        for part in directory.split(separator: "/") {
            made += made.isEmpty || made.hasSuffix("/") ? String(part) : "/\(part)"
            if mkdir(made, 0o750) != 0, errno != EEXIST, errno != EISDIR {
                throw RecordingError(errno: errno, "make", made)
            }
        }
        guard access(directory, W_OK | X_OK) == 0 else { throw RecordingError(errno: errno, "write", directory) }
    }

    /// Sets the base URL once it is known.
    package func serve(at url: String) { baseURL.withLock { $0 = url } }

    /// In the order of their creation.
    package var all: [Recording] {
        recordings.withLock { recordings in
            recordings.values.sorted { ($0.createdAt?.unixMs ?? 0, $0.id) < ($1.createdAt?.unixMs ?? 0, $1.id) }
        }
    }

    package subscript(id: String) -> Recording? { recordings.withLock { $0[id] } }

    /// The file of a completed recording.
    func file(of id: String) -> String? {
        guard let recording = self[id], recording.status == "completed" else { return nil }
        return path(id)
    }

    /// Only IDs that are valid file names are stored.
    private func path(_ id: String) -> String { "\(directory)/\(id).wav" }

    private static func isName(_ id: String) -> Bool {
        (1...128).contains(id.utf8.count) && id.utf8.first != 0x2E
            && id.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                    || byte == 0x2D || byte == 0x2E || byte == 0x5F
            }
    }

    /// Begins a recording.
    func begin(id: String, call: WebhookCall, sampleRate: Int) throws(RecordingError) -> RecordingFile {
        guard Self.isName(id) else {
            throw RecordingError(path: directory, detail: "the recording's ID is not a valid file name")
        }
        guard recordings.withLock({ $0.count < Self.most }) else {
            throw RecordingError(path: directory, detail: "the limit of \(Self.most) recordings is reached")
        }
        let file = try RecordingFile(path: path(id), sampleRate: sampleRate)
        var recording = Recording(id: id, callID: call.id, status: "started")
        recording.customerID = call.customerID
        recording.applicationID = call.applicationID
        recording.providerCallID = call.providerCallID
        recording.storageType = "local"
        recording.createdAt = wallClock()
        recording.updatedAt = recording.createdAt
        save(recording)
        return file
    }

    /// A recording was completed.
    func complete(_ id: String, file: RecordingFile) {
        change(id) { recording, base in
            recording.status = "completed"
            recording.fileURL = base.map { "\($0)/v1/recordings/\(id)/file" } ?? URL(filePath: file.path).absoluteString
            // To the millisecond.
            recording.durationSeconds = JSONNumber((file.seconds * 1_000).rounded() / 1_000)
            recording.sizeBytes = Int(file.bytes)
        }
    }

    /// A recording failed.
    func fail(_ id: String) { change(id) { recording, _ in recording.status = "failed" } }

    private func change(_ id: String, change: (inout Recording, String?) -> Void) {
        guard var recording = self[id] else { return }
        change(&recording, baseURL.withLock { $0 })
        recording.updatedAt = wallClock()
        save(recording)
    }

    /// Stores a recording, and writes its metadata atomically.
    private func save(_ recording: Recording) {
        recordings.withLock { $0[recording.id] = recording }
        let path = "\(directory)/\(recording.id).json"
        let early = "\(path).new"
        let descriptor = open(early, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else { return }
        let bytes = recording.write()
        let isWhole = write(descriptor, bytes, bytes.count) == bytes.count
        // A full disk loses the metadata file, not the notification.
        if close(descriptor) == 0, isWhole { rename(early, path) } else { unlink(early) }
    }
}
