/// A file that a format writes of a stream: downloads, documentation and the repair of a folder derive from it.
package struct FileDeclaration: Sendable, Hashable {
    /// Within the folder of the stream.
    package let name: String
    /// The media type with which it is served.
    package let contentType: String

    package init(_ name: String, _ contentType: String) {
        self.name = name
        self.contentType = contentType
    }
}

extension FileDeclaration {
    static let audio = "audio/wav"
    static let csv = "text/csv; charset=utf-8"
    static let plainText = "text/plain; charset=utf-8"
    static let json = "application/json"
    static let jsonLines = "application/jsonl"
    static let bytes = "application/octet-stream"
}
