import ArgumentParser
import Foundation
import SidetoneAssembly

struct Check: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Validates pipeline files without running them: every problem at once.")

    @Argument(help: "Pipeline files.")
    var files: [String]

    @Option(help: "text or json.")
    var format: OutputFormat = .text

    func run() async throws {
        var problems: [Problem] = []
        for file in files {
            do throws(SettingsError) { _ = try PipelineFile.read(file) } catch { problems += error.problems }
        }
        switch format {
        case .text:
            for problem in problems { Console.print("\(problem)") }
            if problems.isEmpty { Console.print("\(files.joined(separator: ", ")): no problem found") }
        case .json:
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            let lines = problems.map { Line(file: $0.file, line: $0.line, path: $0.path, detail: $0.detail) }
            Console.print(String(decoding: try encoder.encode(["problems": lines]), as: UTF8.self))
        }
        if !problems.isEmpty { throw ExitCode(2) }
    }

    private struct Line: Encodable {
        var file: String
        var line: Int
        var path: String
        var detail: String
    }
}
