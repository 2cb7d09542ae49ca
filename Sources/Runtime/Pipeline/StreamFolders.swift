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

/// What was removed, or would be.
package struct RemovedFiles: Sendable, Hashable {
    package var files = 0
    package var bytes: Int64 = 0

    package init() {}

    package static func += (sum: inout RemovedFiles, other: RemovedFiles) {
        sum.files += other.files
        sum.bytes += other.bytes
    }
}

/// The folders of streams in an output directory, for those who do not write there but want to know what is there.
package protocol StreamFolders: Sendable {
    /// The folder of a stream, below the directory, outermost first; nil while nobody has made one.
    func path(of stream: StreamInfo) -> [String]?
    /// Whether nobody writes to the stream's folder any more, or nobody has begun.
    func isReleased(_ stream: StreamInfo) -> Bool
    /// The WAV files in a folder, by name.
    func recordings(in path: [String]) -> [RecordedFile]
    /// Removes a stream's folder with all that is in it, and the call's folder when no other stream is left in it. What
    /// is not there is no error, and a symbolic link is removed, not followed.
    ///
    /// - Parameter isTrial: only counts.
    /// - Throws: when the path does not name a folder below the directory, or something cannot be removed.
    func remove(_ path: [String], isTrial: Bool) throws -> RemovedFiles
}
