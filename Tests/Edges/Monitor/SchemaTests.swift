import Foundation
import SidetoneModel
import SidetonePipeline
import Testing

@testable import SidetoneMonitor

@Suite struct SchemaTests {
    private static let documents = StaticFiles(folder: Resources.folder("API") ?? "")

    private static let schemas = StaticFiles(schemasOf: SignalDeclarations.all)

    @Test(arguments: SignalDeclarations.all.map(\.name))
    func `every signal has a schema for each of its phases`(_ name: String) throws {
        let declaration = try #require(SignalDeclarations.named(name))
        #expect(declaration.types.count == (declaration.form == .moment ? 1 : 2))
        for type in declaration.types {
            let schema = try object(Self.schemas["\(type).json"]?.bytes)
            #expect(schema["$schema"] as? String == "https://json-schema.org/draft/2020-12/schema")
            #expect(schema["title"] as? String == type)
            #expect(schema["$id"] as? String == "/v1/schemas/\(type).json")
            let properties = try #require(schema["properties"] as? [String: [String: Any]])
            #expect(properties["type"]?["const"] as? String == type)
            let data = try #require(properties["data"]?["properties"] as? [String: [String: Any]])
            let required = try #require(properties["data"]?["required"] as? [String])
            #expect(Set(required).isSubset(of: data.keys))
            #expect((data["track"] != nil) == (declaration.subject != .call))
            #expect(required.contains("track") == (declaration.subject == .track))
            #expect((data["end"] != nil) == !type.hasSuffix(".started.v1"))
            #expect(data.values.allSatisfy { $0["description"] is String })
        }
    }

    @Test func `the schema of a value is the one that is declared`() throws {
        let schema = try object(Self.schemas["sidetone.packet_loss.ended.v1.json"]?.bytes)
        let properties = schema["properties"] as? [String: [String: Any]]
        let loss = (properties?["data"]?["properties"] as? [String: [String: Any]])?["loss"]
        #expect(loss?["type"] as? String == "number")
        #expect(loss?["minimum"] as? Double == 0)
        #expect(loss?["maximum"] as? Double == 1)
        let started = try object(Self.schemas["sidetone.packet_loss.started.v1.json"]?.bytes)
        let data = (started["properties"] as? [String: [String: Any]])?["data"]?["properties"] as? [String: Any]
        #expect(data.map { Set($0.keys) } == ["track", "start"])
    }

    @Test func `the dashboard marks what calls for attention`() throws {
        let pages = StaticFiles(folder: Resources.folder("Dashboard") ?? "")
        let script = String(decoding: try #require(pages["draw/events.js"]).bytes, as: UTF8.self)
        let list = try #require(script.firstMatch(of: #/NOTABLE = new Set\(\[([^\]]*)\]\)/#)).1
        let marked = list.matches(of: #/"([^"]+)"/#).map { String($0.1) }
        // A signal that states its own severity is marked by it; dead air is always grave enough.
        let notable = SignalDeclarations.all.filter { declaration in
            switch declaration.alertPolicy {
            case .always, .reported(from: .warn): true
            case .reported(from: .alert), nil: false
            }
        }
        #expect(Set(marked) == Set(notable.map(\.name)))
    }

    @Test func `intervals that call for attention are alerts`() {
        #expect(
            Set(Alert.types) == [
                "clipping", "dead_air", "hold_suspected", "level_low", "media.stalled", "one_way_audio", "overtalk",
                "packet_loss",
            ])
        #expect(Alert(Signal("overtalk", .started, start: 1, values: [.init("severity", .text("warn"))])) == nil)
        #expect(
            Alert(Signal("overtalk", .started, start: 1, values: [.init("severity", .text("alert"))]))?.severity
                == "alert"
        )
        #expect(Alert(Signal("media.gap", .moment, track: .inbound, start: 1, end: 2)) == nil)
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
