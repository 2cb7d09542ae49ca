import ArgumentParser
import SidetoneConfiguration

struct Describe: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Describes dialects, codecs, features, detectors, signals and sinks with their settings.")

    @Argument(help: "What to describe; everything, when left out.")
    var name: String?

    @Flag(help: "The JSON Schemas of a signal's events instead, one per line.")
    var schema = false

    func validate() throws {
        if schema, name == nil { throw ValidationError("--schema takes the name of a signal") }
    }

    func run() async throws {
        guard let name else {
            for line in ComponentDocumentation.overview() { Console.print(line) }
            return
        }
        guard let lines = schema ? ComponentDocumentation.schemas(of: name) : ComponentDocumentation.describe(name)
        else {
            let hint = ComponentDocumentation.nearest(name).map { "did you mean \"\($0)\"? " } ?? ""
            throw CommandFailure(
                message: "there is nothing called \"\(name)\"; \(hint)See sidetone describe", code: 2)
        }
        for line in lines { Console.print(line) }
    }
}
