import Glibc
import SidetoneCodecs

extension WAVHeader {
    /// Writes the sizes that a file's length asks for.
    ///
    /// - Returns: the length without the part of a frame at its end; 0 when not even the header is whole.
    static func repair(_ descriptor: Int32, _ fileBytes: Int64, _ path: String) throws(FileError) -> Int64 {
        guard fileBytes >= bytes else { return 0 }
        var header = [UInt8](repeating: 0, count: Int(bytes))
        let count = header.count
        guard pread(descriptor, &header, count, 0) == count else { throw FileError(errno: errno, "read", path) }
        let channels = Int(header[22]) | Int(header[23]) << 8
        let sampleRate = (0..<4).reduce(0) { $0 | Int(header[24 + $1]) << (8 * $1) }
        let isOurs = header[0..<4].elementsEqual("RIFF".utf8) && header[36..<40].elementsEqual("data".utf8)
        guard isOurs, channels == 1 || channels == 2 else {
            throw FileError(.unreadable, path, "no WAV file of Sidetone's")
        }
        let frame = Int64(channels * 2)
        let data = (fileBytes - bytes) / frame * frame
        let right = make(sampleRate: sampleRate, channels: channels, dataBytes: data)
        guard pwrite(descriptor, right, right.count, 0) == right.count else {
            throw FileError(errno: errno, "write", path)
        }
        return bytes + data
    }
}
