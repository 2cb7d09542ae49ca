import Foundation
package import SidetoneModel
package import SidetonePipeline

/// Reads what the `capture` sink wrote, message by message.
package final class CaptureReader {
    /// What the first line says.
    package struct Header: Sendable, Hashable {
        package var dialect: String
        package var call: String
        package var stream: String
        package var startedAt: String
        /// What the samples were taken for; nil in captures that do not say.
        package var encoding: Encoding?
    }

    package let path: String
    package let header: Header
    /// Whether the last line was cut off, as after a crash; its message is passed over.
    package private(set) var isTruncated = false
    private let lines: LineReader

    /// - Throws: `FileError`: the file cannot be opened, or is no capture.
    package init(path: String) throws(FileError) {
        self.path = path
        lines = try LineReader(path: path)
        guard let line = try lines.next() else {
            throw FileError(.malformed, path, "line 1: the file is empty; a capture begins with its header")
        }
        guard let fields = try? JSONDecoder().decode(HeaderLine.self, from: Data(line.bytes)) else {
            throw FileError(
                .malformed, path, "line 1: no capture of Sidetone's; it begins with {\"sidetone_capture\":1,…}")
        }
        guard fields.sidetone_capture == CaptureFormat.version else {
            throw FileError(
                .malformed, path,
                "line 1: sidetone_capture is \(fields.sidetone_capture); this build reads \(CaptureFormat.version)")
        }
        header = Header(
            dialect: fields.dialect, call: fields.call, stream: fields.stream, startedAt: fields.started_at,
            encoding: fields.encoding.map { Encoding(rawValue: $0) })
    }

    /// The next message, nil at the end.
    ///
    /// - Throws: `FileError` with the number of the line that is wrong; the line after it can be read.
    package func next() throws(FileError) -> CapturedMessage? {
        guard let line = try lines.next() else { return nil }
        guard let fields = try? JSONDecoder().decode(MessageLine.self, from: Data(line.bytes)) else {
            guard line.isWhole else {
                isTruncated = true
                return nil
            }
            throw wrong("it takes {\"t\":seconds,\"text\":…} or {\"t\":seconds,\"binary\":base64}")
        }
        switch (fields.text, fields.binary) {
        case (let text?, nil): return CapturedMessage(message: .text(text), arrival: fields.t)
        case (nil, let base64?):
            guard let bytes = Data(base64Encoded: base64) else { throw wrong("binary is not base64") }
            return CapturedMessage(message: WireMessage(kind: .binary, bytes: Array(bytes)), arrival: fields.t)
        default: throw wrong("it takes text or binary, one of them")
        }
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
    }
}
