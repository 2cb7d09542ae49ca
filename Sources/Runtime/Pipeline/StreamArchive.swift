/// A sink whose files can be read by others.
///
/// A folder is identified like a stream's, relative to the sink's directory, outermost first.
package protocol StreamArchive: Sendable {
    /// The files that it may write of a stream, and their content types.
    var contentTypes: [String: String] { get }
    /// The names of all files of a stream.
    func files(of stream: StreamInfo) -> [String]
    func files(in folder: [String]) -> [String]
    /// Opens a regular file for reading by its name; links are not followed.
    ///
    /// - Returns: its descriptor, which the caller closes; nil if there is none.
    func open(_ name: String, of stream: StreamInfo) -> Int32?
    func open(_ name: String, in folder: [String]) -> Int32?
}
