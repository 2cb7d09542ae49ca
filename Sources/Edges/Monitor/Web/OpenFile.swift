#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// A file open for reading, closed when it is deallocated.
final class OpenFile: Sendable {
    private let descriptor: Int32

    /// - Parameter descriptor: owned by the object.
    init(_ descriptor: Int32) { self.descriptor = descriptor }
    deinit { close(descriptor) }

    /// Its current size; nil if it has none.
    var size: Int64? {
        let end = lseek(descriptor, 0, SEEK_END)
        return end >= 0 ? Int64(end) : nil
    }

    /// - Returns: fewer bytes at the end; none beyond it or on an error.
    func read(_ count: Int, from position: Int64) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        let got = pread(descriptor, &bytes, count, off_t(position))
        bytes.removeLast(count - max(0, got))
        return bytes
    }
}
