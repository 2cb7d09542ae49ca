import Foundation
import SidetoneCallControl
import SidetoneCodecs
import SidetoneJSON
import SidetoneModel
import SidetonePlatforms

/// What is given bytes of chance. A trap or a failed check is a finding.
struct FuzzTarget {
    let name: String
    let run: ([UInt8]) -> Void

    nonisolated(unsafe) static var current: FuzzTarget?

    nonisolated(unsafe) static let all: [FuzzTarget] =
        PlatformCatalog.all.map { dialect in
            FuzzTarget(name: "dialect-\(dialect.name)") { read($0, by: dialect) }
        } + [
            FuzzTarget(name: "detector", run: detect),
            FuzzTarget(name: "scanner", run: scan),
            FuzzTarget(name: "base64", run: decodeBase64),
            FuzzTarget(name: "codecs", run: decode),
            FuzzTarget(name: "documents", run: readDocument),
            FuzzTarget(name: "webhooks", run: readWebhook),
        ]

    /// Lines are messages of one stream; one that begins with 1 is binary.
    private static func read(_ input: [UInt8], by dialect: any Dialect.Type) {
        var reader = dialect.init()
        for line in input.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: true).prefix(50) {
            let isBinary = line.first == 1
            let message = WireMessage(
                kind: isBinary ? .binary : .text, bytes: Array(isBinary ? line.dropFirst() : line))
            do throws(DialectError) {
                for event in try reader.events(in: message) { check(event, of: message) }
            } catch {
                let text = error.description
                precondition(text.count < 1_000, "an error is long")
                precondition(text.unicodeScalars.allSatisfy { $0.value >= 0x20 }, "an error holds control characters")
            }
        }
    }

    private static func check(_ event: StreamEvent, of message: WireMessage) {
        switch event {
        case .start(let start):
            precondition(start.callID.utf8.count <= 256 && start.streamID.utf8.count <= 256)
            precondition((start.accountID?.utf8.count ?? 0) <= 256)
            let bytes = start.customParameters.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count }
            precondition(bytes <= 16_384, "parameters are not bounded")
        case .media(let packet):
            precondition(packet.payload.count <= message.bytes.count)
            for counter in [packet.chunk, packet.sequence, packet.timestampMs] {
                precondition((0..<1_000_000_000_000_000).contains(counter ?? 0))
            }
        case .dtmf(let digit): precondition("0123456789*#ABCD".contains(digit.digit))
        case .mark(let name): precondition(name.utf8.count <= 256)
        case .connected, .stop, .paused, .resumed, .discarded, .reply, .remark: break
        }
    }

    private static func detect(_ input: [UInt8]) {
        var detector = DialectDetector()
        for line in input.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).prefix(3) {
            let message = WireMessage(kind: line.first == 1 ? .binary : .text, bytes: Array(line))
            if detector.offer(message) != nil { return }
        }
        precondition(detector.problem.unicodeScalars.allSatisfy { $0.value >= 0x20 })
    }

    /// What both read, they read alike.
    private static func scan(_ input: [UInt8]) {
        var dialect = Twilio()
        guard case .media(let packet)? = try? dialect.events(in: WireMessage(kind: .text, bytes: input)).first,
            let object = try? JSONSerialization.jsonObject(with: Data(input)) as? [String: Any]
        else { return }
        precondition(object["event"] as? String == "media", "the event is another")
        let media = object["media"] as? [String: Any]
        guard let text = media?["payload"] as? String else { preconditionFailure("there is no payload") }
        let padded = text + String(repeating: "=", count: (4 - text.count % 4) % 4)
        if let data = Data(base64Encoded: padded) {
            precondition(Array(data) == packet.payload, "the payload is another")
        }
    }

    private static func decodeBase64(_ input: [UInt8]) {
        var dialect = Twilio()
        let message = Array(#"{"event":"media","media":{"payload":""#.utf8) + input + Array(#""}}"#.utf8)
        guard case .media(let packet)? = try? dialect.events(in: WireMessage(kind: .text, bytes: message)).first else {
            return
        }
        // Written again, it is read as the same.
        var writer = Twilio()
        var reader = Twilio()
        guard let again = try? writer.write(.media(packet)),
            case .media(let read)? = try? reader.events(in: again).first
        else { preconditionFailure("what was read cannot be written and read") }
        precondition(read.payload == packet.payload)
    }

    /// The first byte chooses the codec, the second its rate; then come packets, each with its length before it.
    private static func decode(_ input: [UInt8]) {
        guard input.count > 2 else { return }
        let type = CodecCatalog.all[Int(input[0]) % CodecCatalog.all.count]
        let rate = type.sampleRates[Int(input[1]) % type.sampleRates.count]
        guard var codec = try? CodecCatalog.codec(for: MediaFormat(encoding: type.encoding, sampleRate: rate)) else {
            preconditionFailure("a codec refuses its own rate")
        }
        var samples: [Int16] = []
        var rest = input.dropFirst(2)
        while let length = rest.popFirst(), samples.count < 400_000 {
            let payload = Array(rest.prefix(Int(length)))
            rest = rest.dropFirst(Int(length))
            let expected = codec.sampleCount(of: payload)
            let before = samples.count
            let unused = codec.decode(payload, into: &samples)
            precondition((0...payload.count).contains(unused))
            precondition(samples.count - before <= max(expected, 0), "more samples than announced")
            if length % 7 == 0 { _ = codec.conceal(Int(length), into: &samples) }
        }
        var payload: [UInt8] = []
        codec.encode(samples.prefix(rate / 50), into: &payload)
    }

    private static func readDocument(_ input: [UInt8]) {
        guard let document = try? CallDocument.read(input) else { return }
        _ = document.instructions.count
    }

    private static func readWebhook(_ input: [UInt8]) {
        _ = try? MiniVoiceWebhook.read(input)
        let text = String(decoding: input, as: UTF8.self)
        _ = WebURL(text)
        _ = UTCTime(text)
    }
}
