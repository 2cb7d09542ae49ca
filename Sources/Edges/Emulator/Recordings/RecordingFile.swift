import Glibc
import SidetoneCodecs
import SidetonePlayback

/// A stereo WAV file of a call: the caller's audio on the left, the other side's on the right. It can be opened at any
/// time, even after the writer was killed: the header is updated after every write. At most half a second is buffered.
final class RecordingFile {
    /// Length of one write, in milliseconds.
    static let blockMs = 500
    /// Maximum size of a WAV file in bytes, limited by its size fields.
    static let mostBytes = Int64(UInt32.max) - 1_024

    let path: String
    let sampleRate: Int
    /// Frames written and buffered.
    private(set) var frames: Int64 = 0
    private let descriptor: Int32
    private var waiting: [Int16] = []
    private var written: Int64 = 0
    private var isOpen = true

    /// Creates a new file.
    init(path: String, sampleRate: Int) throws(RecordingError) {
        self.path = path
        self.sampleRate = sampleRate
        descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else { throw RecordingError(errno: errno, "create", path) }
        do throws(RecordingError) { try append(header, at: 0) } catch {
            Glibc.close(descriptor)
            isOpen = false
            unlink(path)
            throw error
        }
    }

    deinit { if isOpen { Glibc.close(descriptor) } }

    var bytes: Int64 { WAVHeader.bytes + frames * 4 }
    var seconds: Double { Double(frames) / Double(sampleRate) }

    private var header: [UInt8] { WAVHeader.make(sampleRate: sampleRate, channels: 2, dataBytes: written * 4) }

    func append(_ block: MediaBlock) throws(RecordingError) {
        for n in 0..<block.count {
            waiting.append(block.inbound[n])
            waiting.append(block.outbound[n])
        }
        frames += Int64(block.count)
        guard bytes <= Self.mostBytes else {
            throw RecordingError(path: path, detail: "the recording is longer than a WAV file can be")
        }
        if waiting.count / 2 >= sampleRate * Self.blockMs / 1_000 { try flush() }
    }

    private func flush() throws(RecordingError) {
        guard !waiting.isEmpty else { return }
        try append(waiting.map(\.littleEndian), at: WAVHeader.bytes + written * 4)
        written += Int64(waiting.count / 2)
        waiting.removeAll(keepingCapacity: true)
        try append(header, at: 0)
    }

    /// Writes the buffer, and closes the file.
    func finish() throws(RecordingError) {
        try flush()
        isOpen = false
        guard Glibc.close(descriptor) == 0 else { throw RecordingError(errno: errno, "close", path) }
    }

    /// Closes after a failure: what was written is kept as `rec_….partial.wav`.
    func abandon() {
        guard isOpen else { return }
        isOpen = false
        _ = ftruncate(descriptor, off_t(WAVHeader.bytes + written * 4))
        Glibc.close(descriptor)
        rename(path, "\(path.dropLast(4)).partial.wav")
    }

    private func append<Element: BitwiseCopyable>(_ values: [Element], at offset: Int64) throws(RecordingError) {
        let failure = values.withUnsafeBytes { bytes -> Int32? in
            var done = 0
            while done < bytes.count {
                let count = pwrite(
                    descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done, off_t(offset) + off_t(done))
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return count < 0 ? errno : ENOSPC }
                done += count
            }
            return nil
        }
        if let failure { throw RecordingError(errno: failure, "write", path) }
    }
}

/// Why a recording failed.
struct RecordingError: Error, Hashable, Sendable, CustomStringConvertible {
    var path: String
    var detail: String

    init(path: String, detail: String) {
        self.path = path
        self.detail = detail
    }

    /// - Parameter action: the failed operation, as a verb: `create`.
    init(errno number: Int32, _ action: String, _ path: String) {
        let wayOut =
            switch number {
            case ENOSPC, EDQUOT: "free disk space, or choose a directory on another disk"
            case EFBIG: "raise the file size limit: ulimit -f unlimited"
            case EACCES, EPERM, EROFS: "choose a writable directory"
            case EEXIST: "rename the existing file, or choose another directory"
            default: "check the directory"
            }
        self.init(path: path, detail: "cannot \(action) it: \(String(cString: strerror(number))); \(wayOut)")
    }

    var description: String { "\(path): \(detail)" }
}
