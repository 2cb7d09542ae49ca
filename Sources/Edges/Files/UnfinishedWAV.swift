import Glibc

/// A WAV file whose writer never set the size of its data chunk, because it crashed or wrote to a pipe.
enum UnfinishedWAV {
    /// The samples after a data chunk of size 0, up to the end of the file.
    ///
    /// - Returns: nil for other files: the data chunk has a size, only further chunks follow it, or the coding has no
    ///   fixed sample size.
    static func layout(_ path: String) throws(FileError) -> RawLayout? {
        let descriptor = try ByteReader.open(path)
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return nil }
        let length = Int64(status.st_size)
        guard let top = bytes(12, at: 0, descriptor: descriptor), top.starts(with: "RIFF".utf8),
            top[8...].elementsEqual("WAVE".utf8)
        else { return nil }
        var offset: Int64 = 12
        var found: RawLayout?
        while let head = bytes(8, at: offset, descriptor: descriptor) {
            let size = Int64(number(head[4..<8]))
            if head.starts(with: "fmt ".utf8),
                let format = bytes(Int(min(size, 40)), at: offset + 8, descriptor: descriptor)
            {
                found = layout(format)
            } else if head.starts(with: "data".utf8) {
                guard size == 0, offset + 8 < length,
                    !endsInChunks(from: offset + 8, length: length, descriptor: descriptor)
                else {
                    return nil
                }
                found?.offset = offset + 8
                return found
            }
            offset += 8 + size + size % 2
        }
        return nil
    }

    /// WAVEFORMAT, and WAVEFORMATEXTENSIBLE with the format code at the start of its GUID (RFC 2361; Microsoft,
    /// "Multiple channel audio data and WAVE files").
    private static func layout(_ format: [UInt8]) -> RawLayout? {
        guard format.count >= 16 else { return nil }
        var tag = number(format[0..<2])
        if tag == 0xFFFE, format.count >= 26 { tag = number(format[24..<26]) }
        let coding: RawLayout.Coding
        switch (tag, number(format[14..<16])) {
        case (1, 8): coding = .unsigned8
        case (1, 16): coding = .l16
        case (1, 24): coding = .l24
        case (1, 32): coding = .l32
        case (3, 32): coding = .float32
        case (3, 64): coding = .float64
        case (6, 8): coding = .pcma
        case (7, 8): coding = .pcmu
        default: return nil
        }
        return RawLayout(coding, sampleRate: number(format[4..<8]), channels: number(format[2..<4]))
    }

    /// Whether only complete chunks follow, so that the data chunk is really empty.
    private static func endsInChunks(from start: Int64, length: Int64, descriptor: Int32) -> Bool {
        var offset = start
        while offset < length {
            guard let head = bytes(8, at: offset, descriptor: descriptor),
                head[..<4].allSatisfy({ (0x20..<0x7F).contains($0) })
            else { return false }
            let size = Int64(number(head[4..<8]))
            offset += 8 + size
            if offset < length { offset += size % 2 }
        }
        return offset == length
    }

    private static func bytes(_ count: Int, at offset: Int64, descriptor: Int32) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        return pread(descriptor, &bytes, count, off_t(offset)) == count ? bytes : nil
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> Int { bytes.reversed().reduce(0) { $0 << 8 | Int($1) } }
}
