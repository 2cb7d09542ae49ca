import Foundation

/// Runs the program with a folder mounted read-only, in a separate mount namespace.
enum ReadOnlyMount {
    private static let unshare = "/usr/bin/unshare"

    private static func arguments(_ script: String, arguments: [String]) -> [String] {
        ["--map-root-user", "--mount", "/bin/sh", "-c", script, "sh"] + arguments
    }

    static var isPossible: Bool {
        let process = Process()
        process.executableURL = URL(filePath: unshare)
        process.arguments = arguments("mount -t tmpfs none /mnt", arguments: [])
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }

    static func run(_ arguments: [String], on folder: String) async throws -> Program.Result {
        let script =
            #"folder=$1; shift; mount --bind "$folder" "$folder" && mount -o remount,bind,ro "$folder" && exec "$@""#
        return try await Program.run(
            unshare, arguments: self.arguments(script, arguments: [folder, Program.path] + arguments))
    }
}
