import Foundation
import SidetoneCallControl
import Testing

@Suite("Every flow") struct EveryFlowTests {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../Samples/flows")
        .standardizedFileURL

    static func files(_ language: String) throws -> [URL] {
        try FileManager.default.contentsOfDirectory(
            at: folder.appending(path: language), includingPropertiesForKeys: nil
        )
        .filter { $0.pathExtension == "json" }.sorted { $0.path < $1.path }
    }

    private func document(_ file: URL) throws -> CallDocument {
        let template = try DocumentTemplate(Array(Data(contentsOf: file)))
        return try template.document(filling: ["stream_url": "wss://rx.example.org/media", "token": "demo-token"])
    }

    @Test(arguments: ["minivoice", "swml"])
    func `every flow reads back as it was written`(_ language: String) throws {
        for file in try Self.files(language) {
            let document = try document(file)
            #expect(try CallDocument.read(document.write()) == document, "\(file.lastPathComponent)")
            #expect(!document.instructions.isEmpty, "\(file.lastPathComponent)")
        }
    }

    @Test func `every action has a flow that uses it`() throws {
        for name in ActionCatalog.names {
            let file = Self.folder.appending(path: "minivoice/\(name).json")
            guard case .actions(let document) = try document(file) else {
                Issue.record("\(name) is not an action document")
                continue
            }
            #expect(document.steps.contains { $0.name == name })
        }
    }

    @Test(arguments: ["start_stream", "stop_stream"])
    func `a flow and its SWML twin stream the same tracks to the same place`(_ name: String) throws {
        func streams(_ language: String) throws -> [String] {
            try document(Self.folder.appending(path: "\(language)/\(name).json")).instructions.compactMap {
                switch $0 {
                case .startStream(let request): "start \(request.url) \(request.tracks)"
                case .stopStream: "stop"
                default: nil
                }
            }
        }
        #expect(try streams("minivoice") == streams("swml"))
    }

    @Test func `no flow holds anybody's number`() throws {
        for file in try Self.files("minivoice") + Self.files("swml") {
            let text = try String(contentsOf: file, encoding: .utf8)
            for number in text.matches(of: /\+\d{6,}/) {
                #expect(["+4930111222", "+4930111223"].contains(String(number.output)), "\(file.lastPathComponent)")
            }
        }
    }
}
