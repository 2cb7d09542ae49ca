import Foundation
import SidetoneCallControl
import SidetoneJSON
import Testing

/// Our reader beside SignalWire's JSON schema; Peers/README.md says where the verdicts come from.
@Suite struct SWMLPeerTests {
    struct Case: Decodable {
        var name: String
        var stricter: String?
        var laxer: String?
    }

    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Peers")

    @Test func `we accept what SignalWire's schema accepts, but for the cases that say why not`() throws {
        let data = try Data(contentsOf: Self.folder.appending(path: "cases.json"))
        let cases = try JSONDecoder().decode([Case].self, from: data)
        let verdicts = try JSONDecoder().decode(
            [String: Bool].self, from: Data(contentsOf: Self.folder.appending(path: "verdicts.json")))
        var findings = Diagnostics()
        guard case .list(let items)? = JSONReader.read(Array(data), into: &findings) else {
            Issue.record("cases.json: \(findings)")
            return
        }
        #expect(cases.count == items.count && cases.count == verdicts.count)
        for (entry, item) in zip(cases, items) {
            guard case .object(let object) = item, let document = object["document"] else { continue }
            let ours = problems { () throws(Diagnostics) in try SWMLDocument.read(JSONWriter.bytes(of: document)) }
                .isEmpty
            let theirs = verdicts[entry.name]
            if entry.stricter != nil {
                #expect(!ours && theirs == true, "\(entry.name)")
            } else if entry.laxer != nil {
                #expect(ours && theirs == false, "\(entry.name)")
            } else {
                #expect(ours == theirs, "\(entry.name)")
            }
        }
    }
}
