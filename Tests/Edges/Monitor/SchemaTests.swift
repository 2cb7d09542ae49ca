import Foundation
import SidetoneAnalysis
import Testing

@testable import SidetoneMonitor

@Suite struct SchemaTests {
    private static let documents = StaticFiles(folder: Resources.folder("API") ?? "")

    private func schemas(of name: String) throws -> [[String: Any]] {
        try ["sidetone.\(name).v1", "sidetone.\(name).started.v1", "sidetone.\(name).ended.v1"]
            .compactMap { Self.documents["schemas/\($0).json"] }.map { try object($0.bytes) }
    }

    @Test(
        arguments: SignalCatalog.all.map { $0.name } + [
            "gap", "media.clock_jump", "media.gap", "media.stalled", "media.wrong_codec_suspected", "speech", "stream",
        ])
    func `every signal has a schema for each of its phases`(_ name: String) throws {
        let schemas = try schemas(of: name)
        #expect(schemas.count == 1 || schemas.count == 2)
        for schema in schemas {
            #expect(schema["$schema"] as? String == "https://json-schema.org/draft/2020-12/schema")
            let type = try #require(schema["title"] as? String)
            #expect(schema["$id"] as? String == "/v1/schemas/\(type).json")
            let properties = schema["properties"] as? [String: [String: Any]]
            #expect(properties?["type"]?["const"] as? String == type)
        }
        // A signal with one phase is a moment; two phases are the start and end of an interval.
        let titles = schemas.compactMap { $0["title"] as? String }
        #expect(schemas.count == 1 ? titles == ["sidetone.\(name).v1"] : titles.allSatisfy { $0.contains("ed.v1") })
    }

    @Test func `the documents match what is served`() throws {
        let openapi = try object(Self.documents["openapi.json"]?.bytes)
        let paths = try #require(openapi["paths"] as? [String: Any])
        for path in ["/v1/status", "/v1/calls", "/v1/calls/{id}", "/v1/events", "/v1/live", "/metrics", "/readyz"] {
            #expect(paths[path] != nil, "\(path)")
        }
        let asyncapi = try object(Self.documents["asyncapi.json"]?.bytes)
        #expect(Set((asyncapi["channels"] as? [String: Any] ?? [:]).keys) == ["events", "live"])
    }
}
