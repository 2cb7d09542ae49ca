import Foundation
package import SidetoneModel
package import SidetonePipeline

/// Reads a file of the `capture` sink, message by message.
package final class CaptureReader {
    /// The header line.
    package struct Header: Sendable, Hashable {
        package var dialect: String
        package var call: String
        package var stream: String
        package var startedAt: String
        /// The encoding used to decode the samples; nil if the capture does not state it.
        package var encoding: Encoding?
    }

    /// Longer than any stream: a year.
    private static let maxSeconds = 31_536_000.0

    package let path: String
    package let header: Header
    /// Whether the last line was truncated, as after a crash; its message is skipped.
    package private(set) var isTruncated = false
    /// How and when the stream ended, on the clock of the messages; known once all are read. Nil if the capture does not
    /// state it, because its writer was killed or it was written by hand.
    package private(set) var end: (reason: EndReason, at: Double)?
    private let lines: LineReader

    /// - Throws: `FileError`: the file cannot be opened or is not a capture.
    package init(path: String) throws(FileError) {
        self.path = path
        lines = try LineReader(path: path)
        guard let line = try Self.nextLine(lines) else {
            throw FileError(.malformed, path, "line 1: the file is empty; a capture begins with its header")
        }
        // An editor may have inserted a byte order mark.
        let bytes = line.bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(line.bytes.dropFirst(3)) : line.bytes
        guard let fields = try? JSONDecoder().decode(HeaderLine.self, from: Data(bytes)) else {
            throw FileError(
                .malformed, path,
                "line \(lines.number): not a Sidetone capture; a capture begins with {\"sidetone_capture\":1,…}")
        }
        guard fields.sidetone_capture == CaptureFormat.version else {
            throw FileError(
                .malformed, path,
                "line \(lines.number): sidetone_capture is \(fields.sidetone_capture); this build reads \(CaptureFormat.version)"
            )
        }
        header = Header(
            dialect: fields.dialect, call: fields.call, stream: fields.stream, startedAt: fields.started_at,
            encoding: fields.encoding.map { Encoding(rawValue: $0) })
    }

    /// The next message, nil at the end.
    ///
    /// - Throws: `FileError` with the number of the invalid line; reading may continue after it.
    package func next() throws(FileError) -> CapturedMessage? {
        guard let line = try Self.nextLine(lines) else { return nil }
        guard let fields = try? JSONDecoder().decode(MessageLine.self, from: Data(line.bytes)) else {
            guard line.isWhole else {
                isTruncated = true
                return nil
            }
            throw wrong("expected {\"t\":seconds,\"text\":…} or {\"t\":seconds,\"binary\":base64}")
        }
        guard (0...Self.maxSeconds).contains(fields.t) else {
            throw wrong(
                "t is \(fields.t); expected the seconds since the stream's opening, 0…\(Int64(Self.maxSeconds))")
        }
        switch (fields.text, fields.binary, fields.end) {
        case (let text?, nil, nil): return CapturedMessage(message: .text(text), arrival: fields.t)
        case (nil, let base64?, nil):
            guard let bytes = Data(base64Encoded: base64) else { throw wrong("binary is not base64") }
            return CapturedMessage(message: WireMessage(kind: .binary, bytes: Array(bytes)), arrival: fields.t)
        case (nil, nil, let value?):
            guard let reason = EndReason(rawValue: value) else { throw wrong("end is not a known end reason") }
            end = (reason, fields.t)
            return nil
        default: throw wrong("expected one of text, binary and end")
        }
    }

    /// The next line that is not blank.
    private static func nextLine(_ lines: LineReader) throws(FileError) -> LineReader.Line? {
        while let line = try lines.next() {
            if !line.bytes.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) { return line }
        }
        return nil
    }

    private func wrong(_ detail: String) -> FileError { FileError(.malformed, path, "line \(lines.number): \(detail)") }

    private struct HeaderLine: Decodable {
        var sidetone_capture: Int64
        var dialect: String
        var call: String
        var stream: String
        var started_at: String
        var encoding: String?
    }

    private struct MessageLine: Decodable {
        var t: Double
        var text: String?
        var binary: String?
        var end: String?
    }
}
