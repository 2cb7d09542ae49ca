import Foundation
import Logging
import Testing

@testable import SidetoneWebSocket

@Suite(.timeLimit(.minutes(1))) struct ReloadedFilesTests {
    private struct Unreadable: Error {}

    private func file(_ text: String) throws -> String {
        let path = FileManager.default.temporaryDirectory.appending(path: "sidetone-test-\(UUID().uuidString)").path
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    private func reloaded(_ path: String) throws -> ReloadedFiles<String> {
        try ReloadedFiles([path], name: "Text", logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }) {
            guard let text = try? String(contentsOfFile: path, encoding: .utf8), !text.isEmpty else {
                throw Unreadable()
            }
            return text
        }
    }

    @Test func `the value follows the file automatically, and reading it accesses no file`() async throws {
        let path = try file("one")
        defer { try? FileManager.default.removeItem(atPath: path) }
        let files = try reloaded(path)
        try "two".write(toFile: path, atomically: true, encoding: .utf8)
        // The timer looks once a second; the limit of this suite bounds the wait.
        while files.value != "two" { try await Task.sleep(for: .milliseconds(20)) }
        try FileManager.default.removeItem(atPath: path)
        #expect(files.value == "two")
    }

    @Test func `an unusable file keeps the value until it is usable`() throws {
        let path = try file("one")
        let files = try reloaded(path)
        try FileManager.default.removeItem(atPath: path)
        files.refresh()
        #expect(files.value == "one")
        try "".write(toFile: path, atomically: true, encoding: .utf8)
        files.refresh()
        #expect(files.value == "one")
        try "three".write(toFile: path, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(atPath: path) }
        files.refresh()
        #expect(files.value == "three")
    }

    @Test func `unusable files at the start throw`() throws {
        #expect(throws: Unreadable.self) { try reloaded("/nowhere/at/all") }
    }
}
