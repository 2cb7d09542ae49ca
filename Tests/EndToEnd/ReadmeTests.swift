import Foundation
import SidetoneAnalysis
import SidetoneCodecs
import SidetoneFiles
import SidetoneModel
import SidetonePlatforms
import SidetoneServer
import SidetoneWebhooks
import Testing

/// The commands of the README work, and its tables are complete and correct.
@Suite(.serialized) struct ReadmeTests {
    static let text = (try? String(contentsOfFile: "\(Project.root)/README.md", encoding: .utf8)) ?? ""

    /// The arguments of every `sidetone` line in the blocks that begin with ```` ```sh ````.
    static let commands: [[String]] = {
        var commands: [[String]] = []
        var isShell = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("```") {
                isShell = line == "```sh"
                continue
            }
            guard isShell else { continue }
            let arguments = line.split(separator: " ").map(String.init)
            let command = arguments.first == "$" ? Array(arguments.dropFirst()) : arguments
            if command.first == "sidetone" { commands.append(Array(command.dropFirst())) }
        }
        return commands
    }()

    static let names: [String] =
        PlatformCatalog.all.map { $0.name } + CodecCatalog.all.map { $0.encoding.rawValue }
        + FeatureCatalog.all.map { $0.name } + SpeechDetectorCatalog.all.map { $0.name }
        + SignalCatalog.all.map { $0.name } + FileSinks.all.map { $0.name }
        + [CallLogSink.name, WebSocketSourceSettings.name, WebhookSourceSettings.name]

    @Test func `there are commands`() { #expect(Self.commands.count >= 5) }

    @Test(arguments: commands)
    func `a command of the README succeeds`(arguments: [String]) async throws {
        let folder = try TemporaryFolder()
        for name in ["Samples", "Pipelines"] {
            try FileManager.default.copyItem(atPath: "\(Project.root)/\(name)", toPath: "\(folder.path)/\(name)")
        }
        let run = try await Program.run(arguments, in: folder.path)
        #expect(run.status == 0, "\(run.messages)")
        #expect(!run.output.isEmpty || !run.messages.isEmpty)
    }

    @Test(arguments: names)
    func `every component has a row in a table`(name: String) {
        #expect(Self.text.contains("\n| `\(name)` |"))
    }

    // MARK: Statements

    /// The rows of its tables: the first cell and the whole line.
    private static let rows: [(name: String, line: String)] = text.split(separator: "\n").compactMap { line in
        line.firstMatch(of: /^\| `([^`]+)`/).map { (String($0.1), String(line)) }
    }

    /// The suites of all tests, by the name that a row gives them, with the text of their files.
    private static let suites: [String: String] = {
        var suites: [String: String] = [:]
        let files = FileManager.default.enumerator(atPath: "\(Project.root)/Tests")?.compactMap { $0 as? String } ?? []
        for file in files where file.hasSuffix(".swift") {
            guard let text = try? String(contentsOfFile: "\(Project.root)/Tests/\(file)", encoding: .utf8) else {
                continue
            }
            for match in text.matches(of: /struct (\w+Tests)\b/) { suites[String(match.1)] = text }
            for match in text.matches(of: /@Suite\(\s*"([^"]+)"/) { suites[String(match.1)] = text }
            for match in text.matches(of: /struct `([^`]+)`/) { suites[String(match.1)] = text }
        }
        return suites
    }()

    @Test func `the suites named in its tables exist`() {
        var count = 0
        for (name, line) in Self.rows {
            for match in line.matches(of: /`(\w+Tests|Every \w+|\w+ detector)`/) {
                count += 1
                #expect(Self.suites[String(match.1)] != nil, "\(name): \(match.1)")
            }
        }
        #expect(count > 40)
    }

    @Test(arguments: SignalCatalog.all.map { $0.name })
    func `the suite that a signal names tests that signal`(name: String) throws {
        let row = try #require(Self.rows.last { $0.name == name && $0.line.contains("**works**") })
        let suite = try #require(row.line.matches(of: /`(\w+Tests)`/).last.map { String($0.1) })
        let joined = name.split { $0 == "_" || $0 == "." }.map { $0.lowercased() }.joined()
        let isOwn = suite.lowercased() == "\(joined)signaltests"
        #expect(isOwn || Self.suites[suite]?.contains(name) == true, "\(suite)")
    }

    @Test func `the packages that it lists are those that the set-up installs and the manifest needs`() throws {
        let setup = try String(contentsOfFile: "\(Project.root)/.ci/setup", encoding: .utf8)
        let list = try #require(setup.firstMatch(of: /packages=\(([^)]*)\)/))
        let installed = Set(list.1.split(separator: " ").map(String.init))
        let manifest = try String(contentsOfFile: "\(Project.root)/Package.swift", encoding: .utf8)
        // The table of system libraries: pkg-config name and package.
        let needed = Set(manifest.matches(of: /\("[a-z0-9]+", "(lib[a-z0-9-]+-dev)"\)/).map { String($0.1) })
        #expect(!needed.isEmpty && needed.isSubset(of: installed))
        let start = try #require(Self.text.range(of: "installs the libraries that are missing"))
        let end = try #require(Self.text.range(of: "on other systems", range: start.upperBound..<Self.text.endIndex))
        let stated = Set(
            Self.text[start.upperBound..<end.lowerBound].matches(of: /`([a-z0-9-]+)`/).map { String($0.1) })
        #expect(stated.subtracting(["apt-get"]) == installed)
    }

    @Test func `every command has a row, and every option in a row exists`() async throws {
        let help = try await Program.run(["--help"]).output
        let listed = try #require(help.components(separatedBy: "SUBCOMMANDS:").last)
        let commands = Set(listed.matches(of: /\n  ([a-z]+) {2,}/).map { String($0.1) })
        #expect(commands.count >= 10)
        let rows = Self.rows.filter { $0.name.hasPrefix("sidetone ") }
        #expect(Set(rows.map { String($0.name.split(separator: " ")[1]) }) == commands)
        for (name, line) in rows {
            let command = String(name.split(separator: " ")[1])
            let options = try await Program.run([command, "--help"]).output
            for match in line.matches(of: /(--[a-z-]+)/) {
                #expect(options.contains(String(match.1)), "\(command) \(match.1)")
            }
        }
    }

    @Test func `every target of make that it names exists`() throws {
        let makefile = try String(contentsOfFile: "\(Project.root)/Makefile", encoding: .utf8)
        let targets = Set(makefile.matches(of: /(?m)^([a-z]+):/).map { String($0.1) })
        let named = Set(Self.text.matches(of: /(?:`|\n)make ([a-z]+)/).map { String($0.1) })
        #expect(named.count >= 4 && named.isSubset(of: targets), "\(named.subtracting(targets))")
    }

    @Test func `the first command prints what it shows`() async throws {
        let folder = try TemporaryFolder()
        try FileManager.default.copyItem(atPath: "\(Project.root)/Samples", toPath: "\(folder.path)/Samples")
        let run = try await Program.run(try #require(Self.commands.first), in: folder.path)
        let shown = try #require(Self.text.firstMatch(of: /```sh\nsidetone [^\n]*\n```\n\n```text\n([^`]*)```/))
        #expect(run.output == shown.1, "\(run.messages)")
    }
}
