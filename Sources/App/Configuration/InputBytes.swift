import Foundation

/// The bytes of a small file, or of standard input.
package enum InputBytes {
    /// - Parameters:
    ///   - file: a path, or `-`.
    /// - limit: the maximum number of bytes read.
    /// - Returns: nil when it cannot be read.
    package static func read(_ file: String, upTo limit: Int) -> [UInt8]? {
        guard let handle = file == "-" ? .standardInput : FileHandle(forReadingAtPath: file) else { return nil }
        var bytes: [UInt8] = []
        while bytes.count < limit {
            guard let more = try? handle.read(upToCount: limit - bytes.count) else {
                // Foundation returns nil at the end; a folder can be opened but not read.
                return bytes.isEmpty && isFolder(file) ? nil : bytes
            }
            guard !more.isEmpty else { break }
            bytes += more
        }
        return bytes
    }

    private static func isFolder(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
    }
}
