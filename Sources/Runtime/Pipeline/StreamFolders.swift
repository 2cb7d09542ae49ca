/// A WAV file of a stream.
package struct RecordedFile: Sendable, Hashable {
    package var name: String
    package var bytes: Int64
    package var seconds: Double

    package init(name: String, bytes: Int64, seconds: Double) {
        self.name = name
        self.bytes = bytes
        self.seconds = seconds
    }
}

/// What was removed, or would be removed.
package struct RemovedFiles: Sendable, Hashable {
    package var files = 0
    package var bytes: Int64 = 0

    package init() {}

    package static func += (sum: inout RemovedFiles, other: RemovedFiles) {
        sum.files += other.files
        sum.bytes += other.bytes
    }
}

/// The folders of streams in an output directory, for readers that do not write to it.
package protocol StreamFolders: Sendable {
    /// The folder of a stream, relative to the directory, outermost first; nil if it does not exist.
    func path(of stream: StreamInfo) -> [String]?
    /// Whether the stream's folder is no longer, or not yet, being written to.
    func isReleased(_ stream: StreamInfo) -> Bool
    /// The WAV files in a folder, by name.
    func recordings(in path: [String]) -> [RecordedFile]
    /// Removes a stream's folder with its content, and the call's folder once it contains no other stream. A missing
    /// folder is not an error, and a symbolic link is removed, not followed.
    ///
    /// - Parameter isTrial: whether to count only.
    /// - Throws: when the path is not a folder below the directory, or something cannot be removed.
    func remove(_ path: [String], isTrial: Bool) throws -> RemovedFiles
}
