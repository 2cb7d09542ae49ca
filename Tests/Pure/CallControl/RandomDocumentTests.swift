import Foundation
import SidetoneCallControl
import SidetoneJSON
import SidetoneModel
import Testing

@Suite struct RandomDocumentTests {
    static let names =
        ActionCatalog.names + [
            "actions", "sections", "main", "stream", "type", "stream_url", "track", "url", "text", "x",
        ]
    static let texts =
        ActionCatalog.names + [
            "wss://a.example.org", "https://a", "both", "inbound_track", "+4930111222", "#", "", "é\u{0}",
        ]

    private func value(_ depth: Int, random: inout SplitMix64) -> JSONValue {
        switch Int.random(in: 0..<(depth > 0 ? 8 : 5), using: &random) {
        case 0: return .null
        case 1: return .flag(.random(using: &random))
        case 2: return .whole(.random(in: -5...70_000, using: &random))
        case 3, 4: return .text(Self.texts.randomElement(using: &random) ?? "")
        case 5:
            return .list((0..<Int.random(in: 0...4, using: &random)).map { _ in value(depth - 1, random: &random) })
        default:
            return .object(
                JSONObject(
                    (0..<Int.random(in: 0...4, using: &random)).map { _ in
                        JSONMember(Self.names.randomElement(using: &random) ?? "", value(depth - 1, random: &random))
                    }))
        }
    }

    /// Reads it as everything it might be; whatever is read writes and reads back.
    private func survive(_ bytes: [UInt8], comment: String) throws {
        if let document = try? CallDocument.read(bytes) {
            #expect(try CallDocument.read(document.write()) == document, "\(comment)")
        }
        if let webhook = try? MiniVoiceWebhook.read(bytes) {
            #expect(try MiniVoiceWebhook.read(webhook.write()).idempotencyKey == webhook.idempotencyKey, "\(comment)")
        }
        if let form = try? Form.read(bytes) { #expect(try Form.read(form.write()) == form, "\(comment)") }
        _ = try? StreamStatus.read(bytes)
        _ = try? Recording.read(bytes)
        _ = try? PlatformError.read(bytes)
        _ = try? DocumentTemplate(bytes).document(filling: ["token": "t"])
    }

    @Test func `random documents are read or refused with findings, never worse`() throws {
        let seed: UInt64 = 4_242
        var random = SplitMix64(seed: seed)
        for round in 0..<3_000 {
            var object = JSONObject([
                JSONMember("actions", .list((0..<3).map { _ in value(4, random: &random) }))
            ])
            if round % 3 == 0 { object = JSONObject([JSONMember("sections", value(4, random: &random))]) }
            let bytes = JSONWriter.bytes(of: .object(object))
            try survive(bytes, comment: "seed \(seed), round \(round)")
            do {
                _ = try CallDocument.read(bytes)
            } catch {
                #expect(
                    !error.isEmpty
                        && error.all.allSatisfy { $0.allowed?.isEmpty == false && $0.remedy?.isEmpty == false })
            }
        }
    }

    @Test func `sound documents with damaged bytes are read or refused, never worse`() throws {
        let seed: UInt64 = 1_717
        var random = SplitMix64(seed: seed)
        let sound = try (EveryFlowTests.files("minivoice") + EveryFlowTests.files("swml")).map {
            Array(try Data(contentsOf: $0))
        }
        for round in 0..<3_000 {
            var bytes = sound[round % sound.count]
            for _ in 0..<Int.random(in: 1...4, using: &random) where !bytes.isEmpty {
                let place = Int.random(in: bytes.indices, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: bytes[place] = .random(in: 0...255, using: &random)
                case 1: bytes.removeSubrange(place...)
                case 2: bytes.remove(at: place)
                default: bytes.insert(contentsOf: bytes[place...].prefix(20), at: place)
                }
            }
            try survive(bytes, comment: "seed \(seed), round \(round)")
        }
    }

    /// Each is near the limit of 1 MiB and full of problems.
    enum Hostile: CaseIterable {
        case unknownKeys, unknownKeysInEachAction, unknownKeysInSWML, unknownPlaceholders, openPlaceholders, longNames

        var text: String {
            switch self {
            case .unknownKeys: "{\"actions\":[{\"start_stream\":{\(keys(120_000))}}]}"
            case .unknownKeysInEachAction:
                "{\"actions\":[\(Array(repeating: "{\"hold\":{\(keys(120))}}", count: 900).joined(separator: ","))]}"
            case .unknownKeysInSWML: "{\"sections\":{\"main\":[{\"stream\":{\(keys(120_000))}}]}}"
            case .unknownPlaceholders:
                "{\"actions\":[{\"say\":{\"text\":\"\(String(repeating: "{{a}}", count: 200_000))\"}}]}"
            case .openPlaceholders:
                "{\"actions\":[{\"say\":{\"text\":\"\(String(repeating: "{{", count: 500_000))\"}}]}"
            case .longNames: "{\"actions\":[{\"\(String(repeating: "start_stream", count: 80_000))\":{}}]}"
            }
        }

        private func keys(_ count: Int) -> String {
            (0..<count).map { "\"\(String($0, radix: 36))\":0" }.joined(separator: ",")
        }
    }

    @Test(arguments: Hostile.allCases)
    func `the largest hostile documents are refused with a bounded list`(_ hostile: Hostile) throws {
        let bytes = Array(hostile.text.utf8)
        #expect(bytes.count <= DocumentLimits.standard.bytes)
        do {
            let document = try DocumentTemplate(bytes).document(filling: ["token": "t"])
            #expect(hostile == .openPlaceholders && document.instructions.count == 1)
        } catch {
            #expect((1...Diagnostics.limit).contains(error.all.count))
            #expect(error.description.utf8.count < 100_000)
        }
    }
}
