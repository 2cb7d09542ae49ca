/// A sink whose files of streams others may read.
///
/// A folder is named as a stream's is, below the sink's directory, outermost first.
package protocol StreamArchive: Sendable {
    /// The names of all files of a stream.
    func files(of stream: StreamInfo) -> [String]
    func files(in folder: [String]) -> [String]
    /// Opens a plain file for reading, by its name alone; links are not followed.
    ///
    /// - Returns: its descriptor, which the caller closes; nil when there is none.
    func open(_ name: String, of stream: StreamInfo) -> Int32?
    func open(_ name: String, in folder: [String]) -> Int32?
}
