import Foundation
import SidetoneCallControl
import SidetoneConfiguration
import SidetoneJSON
import Testing

@Suite struct SecretInputTests {
    private func file(_ text: String) throws -> String {
        let path = FileManager.default.temporaryDirectory.appending(path: "sidetone-test-\(UUID().uuidString)").path
        try Data(text.utf8).write(to: URL(filePath: path))
        return path
    }

    @Test func `the first line of the file counts, then the environment`() throws {
        let path = try file("hush-hush\nignored\n")
        defer { try? FileManager.default.removeItem(atPath: path) }
        let option = "--webhook-secret-file"
        #expect(try SecretInput.read(file: path, environment: "other", option: option)?.value == "hush-hush")
        #expect(try SecretInput.read(file: nil, environment: "other", option: option)?.value == "other")
        #expect(try SecretInput.read(file: nil, environment: "", option: option) == nil)
        #expect(try SecretInput.read(file: nil, environment: nil, option: option) == nil)
    }

    @Test func `a file without a secret is reported, and a secret never is`() throws {
        let empty = try file("\nhush-hush\n")
        defer { try? FileManager.default.removeItem(atPath: empty) }
        for path in [empty, "\(empty).missing"] {
            do throws(Diagnostics) {
                _ = try SecretInput.read(file: path, environment: nil, option: "--webhook-secret-file")
                Issue.record("read")
            } catch {
                #expect("\(error)".contains("--webhook-secret-file") && !"\(error)".contains("hush"))
            }
        }
        let full = try file("hush-hush")
        defer { try? FileManager.default.removeItem(atPath: full) }
        let secret = try SecretInput.read(file: full, environment: nil, option: "--webhook-secret-file")
        var told = "\(String(describing: secret)) \(String(reflecting: secret))"
        dump(secret, to: &told)
        #expect(!told.contains("hush"))
    }
}
