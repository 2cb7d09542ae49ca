import Glibc
import SidetoneCodecs
import SidetonePipeline

extension WAVHeader {
    /// Sets the sizes in the header from the length of the file.
    ///
    /// - Returns: the length without an incomplete frame at the end; 0 if the header itself is incomplete.
    static func repair(_ descriptor: Int32, fileBytes: Int64, path: String) throws(FileError) -> Int64 {
        guard fileBytes >= bytes else { return 0 }
        var header = [UInt8](repeating: 0, count: Int(bytes))
        let count = header.count
        guard pread(descriptor, &header, count, 0) == count else { throw FileError(errno: errno, "read", path) }
        let channels = Int(header[22]) | Int(header[23]) << 8
        let sampleRate = (0..<4).reduce(0) { $0 | Int(header[24 + $1]) << (8 * $1) }
        let isOurs = header[0..<4].elementsEqual("RIFF".utf8) && header[36..<40].elementsEqual("data".utf8)
        guard isOurs, channels == 1 || channels == 2 else {
            throw FileError(.unreadable, path, "not a WAV file written by Sidetone")
        }
        let frame = Int64(channels * 2)
        let data = (fileBytes - bytes) / frame * frame
        let right = make(sampleRate: sampleRate, channels: channels, dataBytes: data)
        guard pwrite(descriptor, right, right.count, 0) == right.count else {
            throw FileError(errno: errno, "write", path)
        }
        return bytes + data
    }

    /// The format and length of a WAV file written by Sidetone, from the size of the file; closes it.
    ///
    /// - Returns: nil for other files.
    static func recording(_ descriptor: Int32, name: String) -> RecordedFile? {
        defer { close(descriptor) }
        var status = stat()
        var header = [UInt8](repeating: 0, count: Int(bytes))
        let count = header.count
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
            pread(descriptor, &header, count, 0) == count, header[0..<4].elementsEqual("RIFF".utf8)
        else { return nil }
        let channels = Int64(header[22]) | Int64(header[23]) << 8
        let sampleRate = (0..<4).reduce(Int64(0)) { $0 | Int64(header[24 + $1]) << (8 * Int64($1)) }
        guard channels > 0, sampleRate > 0 else { return nil }
        let frames = (Int64(status.st_size) - bytes) / (2 * channels)
        return RecordedFile(
            name: name, bytes: Int64(status.st_size), seconds: Double(frames) / Double(sampleRate))
    }
}
