import Foundation

/// The first inputs of every target, out of the repository's samples.
enum Seeds {
    private struct Line: Decodable { var text: String? }

    static func write(from samples: String, to folder: String) throws {
        let samples = URL(filePath: samples)
        for dialect in try FileManager.default.contentsOfDirectory(atPath: samples.appending(path: "streams").path) {
            let capture = samples.appending(path: "streams/\(dialect)/capture.jsonl")
            let lines = try Data(contentsOf: capture).split(separator: UInt8(ascii: "\n")).dropFirst().prefix(12)
            let messages = lines.compactMap { try? JSONDecoder().decode(Line.self, from: $0).text }.map {
                Data($0.utf8)
            }
            let stream = Data(messages.joined(separator: [UInt8(ascii: "\n")]))
            try write([stream] + messages, to: "\(folder)/dialect-\(dialect)")
            try write([stream], to: "\(folder)/detector", as: dialect)
            try write(messages, to: "\(folder)/scanner", as: dialect)
        }
        try write(
            ["AA==", "+/+/", #"\u002b\/\u003d\u003d"#, "AAAAAAAAAAAAAAAA"].map { Data($0.utf8) }, to: "\(folder)/base64"
        )
        // Each codec, at its first rate: a packet of 20 bytes, and one of 7, after which something is missing.
        try write(
            (0..<5).map { Data([$0, 0, 20] + [UInt8](0..<20) + [7] + [UInt8](repeating: 0x78, count: 7)) },
            to: "\(folder)/codecs")
        for language in ["minivoice", "swml"] {
            let flows = samples.appending(path: "flows/\(language)")
            let files = try FileManager.default.contentsOfDirectory(at: flows, includingPropertiesForKeys: nil)
            try write(files.map { try Data(contentsOf: $0) }, to: "\(folder)/documents", as: language)
        }
        let webhooks = [
            #"{"event":"call.answered","created_at":"2026-03-04T09:15:07Z","call":{"id":"call_demo7"},"variables":{},"data":{}}"#,
            "https://example.org:8443/a?b=c", "wss://[::1]:1/", "2026-03-04T09:15:07.25Z",
        ]
        try write(webhooks.map { Data($0.utf8) }, to: "\(folder)/webhooks")
    }

    private static func write(_ inputs: [Data], to folder: String, as name: String = "seed") throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for (number, input) in inputs.enumerated() { try input.write(to: URL(filePath: "\(folder)/\(name)-\(number)")) }
    }
}
