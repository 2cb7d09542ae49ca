import ArgumentParser
import SidetoneConfiguration

struct Describe: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Describes dialects, codecs, features, detectors, signals and sinks with their settings.")

    @Argument(help: "Component to describe; without it, all are listed.")
    var name: String?

    @Flag(help: "Print the JSON Schemas of a signal's events, one per line.")
    var schema = false

    func validate() throws {
        if schema, name == nil { throw ValidationError("--schema requires the name of a signal") }
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
                message: "no component is named \"\(name)\"; \(hint)Run sidetone describe to list them", code: 2)
        }
        for line in lines { Console.print(line) }
    }
}
