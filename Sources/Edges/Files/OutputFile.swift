import Glibc

/// One file being written. Its format defines its valid length through `wholeBytes`.
final class OutputFile {
    let name: String
    let path: String
    /// The length of the valid part of the file.
    var wholeBytes: Int64 = 0
    private(set) var length: Int64 = 0
    private let descriptor: Int32
    private(set) var isOpen = true

    init(name: String, path: String, descriptor: Int32) {
        self.name = name
        self.path = path
        self.descriptor = descriptor
    }

    deinit { if isOpen { Glibc.close(descriptor) } }

    /// Appends bytes that complete the file: lines, a header.
    func append(_ bytes: [UInt8]) throws(FileError) {
        try writeAll(bytes, count: bytes.count, at: length)
        wholeBytes = length
    }

    func write(_ bytes: [UInt8], at offset: Int64) throws(FileError) {
        try writeAll(bytes, count: bytes.count, at: offset)
    }

    /// Writes samples, 16 bits each, little-endian like every machine Sidetone runs on.
    func write(_ samples: [Int16], at offset: Int64) throws(FileError) {
        try writeAll(samples, count: samples.count * 2, at: offset)
    }

    /// Reads samples; positions beyond the end of the file read 0.
    func read(_ samples: inout [Int16], at offset: Int64) throws(FileError) {
        let count = samples.count
        let bytes = pread(descriptor, &samples, count * 2, off_t(offset))
        guard bytes >= 0 else { throw FileError(errno: errno, "read", path) }
        for n in min(bytes / 2, count)..<count { samples[n] = 0 }
    }

    /// Cuts everything after the valid part.
    func cutToWhole() {
        guard length > wholeBytes, ftruncate(descriptor, off_t(wholeBytes)) == 0 else { return }
        length = wholeBytes
    }

    /// Flushes the file to the disk.
    func synchronize() throws(FileError) {
        guard fsync(descriptor) == 0 else { throw FileError(errno: errno, "write", path) }
    }

    func close() throws(FileError) {
        guard isOpen else { return }
        isOpen = false
        guard Glibc.close(descriptor) == 0 else { throw FileError(errno: errno, "close", path) }
    }

    private func writeAll(_ bytes: UnsafeRawPointer, count: Int, at offset: Int64) throws(FileError) {
        var done = 0
        while done < count {
            let written = pwrite(descriptor, bytes + done, count - done, off_t(offset) + off_t(done))
            if written < 0 {
                if errno == EINTR { continue }
                throw FileError(errno: errno, "write", path)
            }
            done += written
            length = max(length, offset + Int64(done))
        }
    }
}
