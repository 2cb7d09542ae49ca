import Foundation
import Testing

@Suite struct ModuleDrawingTests {
    @Test func `the drawing of the modules in ARCHITECTURE.md is current`() throws {
        let process = Process()
        process.executableURL = Manifest.root.appending(path: ".ci/modules")
        process.arguments = ["--check"]
        let errors = Pipe()
        process.standardError = errors
        try process.run()
        let text = try errors.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(String(decoding: text, as: UTF8.self))")
    }
}
