import Foundation

/// The program with a folder mounted read-only, in a mount namespace of its own.
enum ReadOnlyMount {
    private static func process(_ script: String, _ arguments: [String]) -> Process {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/unshare")
        process.arguments = ["--map-root-user", "--mount", "/bin/sh", "-c", script, "sh"] + arguments
        process.currentDirectoryURL = URL(filePath: Project.root)
        return process
    }

    static var isPossible: Bool {
        let process = process("mount -t tmpfs none /mnt", [])
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }

    static func run(_ arguments: [String], on folder: String) async throws -> Program.Result {
        let script =
            #"folder=$1; shift; mount --bind "$folder" "$folder" && mount -o remount,bind,ro "$folder" && exec "$@""#
        return try await Program.run(process(script, [folder, Program.path] + arguments), [:])
    }
}
