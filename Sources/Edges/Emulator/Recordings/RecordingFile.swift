import Glibc
import SidetoneCodecs
import SidetonePlayback

/// A stereo WAV file of a call, left what the caller says, right what the caller hears.
///
/// It can be opened at any moment, also after the writer was killed: every write is followed by the header of the file as
/// it then is. Half a second waits in memory at most.
final class RecordingFile {
    /// Frames that are written together, in milliseconds.
    static let blockMs = 500
    /// What a WAV file holds at most, in bytes: its size fields end there.
    static let mostBytes = Int64(UInt32.max) - 1_024

    let path: String
    let sampleRate: Int
    /// In the file and waiting.
    private(set) var frames: Int64 = 0
    private let descriptor: Int32
    private var waiting: [Int16] = []
    private var written: Int64 = 0
    private var isOpen = true

    /// Makes a file that was not there.
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

    /// Writes what waits, and closes.
    func finish() throws(RecordingError) {
        try flush()
        isOpen = false
        guard Glibc.close(descriptor) == 0 else { throw RecordingError(errno: errno, "close", path) }
    }

    /// Closes after a failure: what was written whole is kept under a name that says so, `rec_….partial.wav`.
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

/// Why a recording is lost.
struct RecordingError: Error, Hashable, Sendable, CustomStringConvertible {
    var path: String
    var detail: String

    init(path: String, detail: String) {
        self.path = path
        self.detail = detail
    }

    /// - Parameter action: what was tried, as a verb: `create`.
    init(errno number: Int32, _ action: String, _ path: String) {
        let wayOut =
            switch number {
            case ENOSPC, EDQUOT: "make room, or choose a directory on another disk"
            case EFBIG: "raise the limit of file sizes: ulimit -f unlimited"
            case EACCES, EPERM, EROFS: "choose a directory that can be written"
            case EEXIST: "move away what has that name, or choose another directory"
            default: "check the directory"
            }
        self.init(path: path, detail: "cannot \(action) it: \(String(cString: strerror(number))); \(wayOut)")
    }

    var description: String { "\(path): \(detail)" }
}
