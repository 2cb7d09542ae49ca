import Foundation
import SidetoneConfiguration
import Testing
import sidetone

@Suite struct CheckReportTests {
    @Test func `an unusable answer is reported with the platform's error`() throws {
        let check = FileCheck.read(
            Array(
                #"{"actions": [{"start_stream": {"stream_url": "https://rx.example.org", "track": "speaker"}}]}"#.utf8),
            file: "given")
        let json = try JSONSerialization.jsonObject(with: Data(CheckReport([check]).json.utf8)) as? [String: Any]
        #expect(
            json?["error"] as? [String: String] == ["code": "answer_url_error", "message": "invalid action payload"])
        #expect((json?["findings"] as? [[String: String]])?.compactMap { $0["path"] }.count == 2)
    }

    @Test func `SWML is not an answer of that platform`() {
        let swml = Array("sections:\n  main:\n    - stream:\n        url: https://rx.example.org\n".utf8)
        let check = FileCheck.read(swml, file: "given.yaml")
        #expect(!check.isClean)
        #expect(!CheckReport([check]).json.contains("answer_url_error"))
    }
}
