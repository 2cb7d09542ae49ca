import ArgumentParser
import Foundation
import SidetonePipeline

struct Purge: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Removes calls from the call history, and optionally their files.",
        discussion: """
            The history is DIR/calls.sqlite, which the `store` sink writes. A call with an open stream is \
            not removed. Only folders below DIR that are named in the history are removed.
            """)

    @Option(help: "Output directory of the pipeline.")
    var directory: String = "out"

    @Option(help: "Remove calls that ended longer ago than this, such as 30d, 12h or 45m.")
    var olderThan: String?

    @Option(help: "ID of a call to remove; repeatable.")
    var call: [String] = []

    @Flag(help: "Remove the calls' folders as well.")
    var files = false

    @Flag(help: "Dry run: print what would be removed.")
    var dryRun = false

    @OptionGroup var log: LogOptions

    func validate() throws {
        guard (olderThan == nil) == !call.isEmpty else {
            throw ValidationError("no calls selected; specify --older-than AGE, or --call ID once or more")
        }
        if let olderThan, TimeArgument.age(olderThan) == nil {
            throw ValidationError("--older-than is \"\(olderThan)\"; expected an age such as 30d, 12h or 45m")
        }
    }

    func run() async throws {
        let logger = try log.logger("sidetone")
        let age = olderThan.flatMap(TimeArgument.age)
        let choice: HistoryPurge.Choice =
            age.map { .endedBefore(Date().timeIntervalSince1970 - $0) } ?? .ids(call)
        let purge = HistoryPurge(directory: directory, removesFiles: files, isTrial: dryRun, logger: logger)
        let word = dryRun ? "would remove" : "removed"
        var calls = 0
        var sum = RemovedFiles()
        do throws(HistoryError) {
            try purge.run(choice) { id, removed in
                calls += 1
                sum += removed
                Console.print("\(word) \(id)\(files ? ": \(Self.text(removed))" : "")")
            }
        } catch { throw CommandFailure(message: "\(error)", code: 2) }
        Console.log("\(word) \(calls) call\(calls == 1 ? "" : "s")\(files ? ", \(Self.text(sum))" : "")")
    }

    private static func text(_ files: RemovedFiles) -> String {
        "\(files.files) files, \(SystemInfo.fixed(Double(files.bytes) / 1_000_000, decimals: 1)) MB"
    }
}
