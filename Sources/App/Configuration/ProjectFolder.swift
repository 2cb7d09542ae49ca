import Foundation
import SidetoneFiles

/// Finds the folder that holds `Pipelines` and `Samples`.
package enum ProjectFolder {
    /// The folders that contain the executable, innermost first.
    package static var aboveProgram: [String] {
        var folders: [String] = []
        var folder = Bundle.main.executableURL?.resolvingSymlinksInPath().deletingLastPathComponent()
        while let next = folder, next.path != "/" {
            folders.append(next.path)
            folder = next.deletingLastPathComponent()
        }
        return folders
    }

    package static func find() throws -> String {
        var candidates = [FileManager.default.currentDirectoryPath]
        if let home = ProcessInfo.processInfo.environment["SIDETONE_HOME"] { candidates.insert(home, at: 0) }
        candidates += aboveProgram
        for candidate in candidates
        where FileManager.default.fileExists(atPath: "\(candidate)/Pipelines/live-monitor.yaml")
            && FileManager.default.fileExists(atPath: "\(candidate)/Samples/calls")
        {
            return candidate
        }
        throw InputError(
            FileManager.default.currentDirectoryPath,
            "contains no Pipelines and Samples; run the demo in Sidetone's folder, or set SIDETONE_HOME to it")
    }
}
