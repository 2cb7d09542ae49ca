import Foundation
import SidetoneCallControl
import SidetoneJSON
import Testing

@testable import SidetoneConfiguration

@Suite struct AnswersFileTests {
    private static let values = ["stream_url": "wss://rx.example.org/media"]

    /// Writes files into a folder of their own, and reads one.
    private func read(
        _ name: String, files: [String: String], allowsStaticSecrets: Bool = false
    ) throws -> AnswerRules {
        let folder = FileManager.default.temporaryDirectory.appending(path: "answers-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (file, text) in files {
            try text.write(to: folder.appending(path: file), atomically: true, encoding: .utf8)
        }
        return try AnswersFile.read(
            folder.appending(path: name).path, values: Self.values, allowsStaticSecrets: allowsStaticSecrets)
    }

    private func problems(_ name: String, files: [String: String]) -> [String] {
        do {
            _ = try read(name, files: files)
            return []
        } catch let error as Diagnostics { return error.all.map(\.wrong) } catch { return ["\(error)"] }
    }

    private let swml = """
        version: 1.0.0
        sections:
          main:
            - answer: {}
            - stream: { url: "{{stream_url}}", authorization_bearer_token: "{{token}}" }
        """

    @Test func `a document can be YAML, alone or named by a rule`() throws {
        let rules = """
            answer_documents:
              - called: "*"
                document: call.yaml
            """
        for (name, files) in [
            ("call.yaml", ["call.yaml": swml]), ("rules.yaml", ["rules.yaml": rules, "call.yaml": swml]),
        ] {
            let template = try #require(try read(name, files: files).template(forCalled: "+4930111222"))
            guard case .swml(let document) = try template.document(filling: Self.values, token: { "st1.x" }) else {
                Issue.record("not SWML")
                return
            }
            #expect(document.instructions.count == 2)
        }
    }

    @Test func `the former name of the list is not known, and the right one is named`() {
        let problems = problems(
            "rules.yaml", files: ["rules.yaml": "answers:\n  - called: \"*\"\n    document: a.json\n"])
        #expect(problems.count == 1 && problems[0].contains("answer_documents"), "\(problems)")
    }

    @Test func `a secret in a document is refused where requests need no signature`() throws {
        let text =
            #"{"sections":{"main":[{"stream":{"url":"wss://a.example.org/m","authorization_bearer_token":"s3cret"}}]}}"#
        let problems = problems("call.json", files: ["call.json": text])
        #expect(
            problems.count == 1 && problems[0].contains("authorization_bearer_token is a static secret"), "\(problems)")
        #expect(problems.joined().contains("s3cret") == false)
        _ = try read("call.json", files: ["call.json": text], allowsStaticSecrets: true)
    }
}
