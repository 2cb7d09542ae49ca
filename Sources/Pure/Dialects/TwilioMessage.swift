import SidetoneCodecs
import SidetoneModel

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A whole number that a platform may write as a number or as a string.
struct Lenient: Codable, Sendable {
    var value: Int

    init(value: Int) { self.value = value }

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let number = try? container.decode(Int.self) {
            value = number
        } else if let number = Int(try container.decode(String.self)) {
            value = number
        } else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "it is not a whole number")
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(value)
    }
}

/// The rare messages of the Twilio-shaped dialects, as JSON has them.
struct TwilioMessage: Codable, Sendable {
    struct Format: Codable, Sendable {
        var encoding: String
        var sampleRate: Lenient?
        var channels: Lenient?
    }

    struct Start: Codable, Sendable {
        var streamSid: String?
        var accountSid: String?
        var callSid: String?
        var tracks: [String]?
        var customParameters: [String: String]?
        var mediaFormat: Format?

        init(_ start: StreamStart) {
            streamSid = start.streamID
            accountSid = start.accountID
            callSid = start.callID
            tracks = start.tracks.map(\.rawValue)
            customParameters = start.customParameters
            // The names of the wire are the first aliases of each codec; L16 is written as SignalWire's documents do.
            let names: [Encoding: String] = [.pcmu: "audio/x-mulaw", .pcma: "audio/x-alaw", .l16: "audio/x-L16"]
            mediaFormat = Format(
                encoding: names[start.format.encoding] ?? start.format.encoding.rawValue,
                sampleRate: Lenient(value: start.format.sampleRate), channels: Lenient(value: 1))
        }
    }

    struct Digit: Codable, Sendable {
        var track: String?
        var digit: String
        var duration: Lenient?
    }

    struct Mark: Codable, Sendable { var name: String? }

    struct Stop: Codable, Sendable {
        var accountSid: String?
        var callSid: String?
    }

    var event: String
    var `protocol`: String?
    var version: String?
    var sequenceNumber: String?
    var streamSid: String?
    var start: Start?
    var dtmf: Digit?
    var mark: Mark?
    var stop: Stop?

    init(event: String, protocol: String? = nil, version: String? = nil) {
        self.event = event
        self.protocol = `protocol`
        self.version = version
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        event = try container.decode(String.self, forKey: .event)
        `protocol` = try? container.decode(String.self, forKey: .protocol)
        version = try? container.decode(String.self, forKey: .version)
        sequenceNumber = nil  // Read by the scanner, where it matters.
        streamSid = try? container.decode(String.self, forKey: .streamSid)
        // Only what the event is about has to be sound.
        if event == "start" { start = try container.decodeIfPresent(Start.self, forKey: .start) }
        if event == "dtmf" { dtmf = try container.decodeIfPresent(Digit.self, forKey: .dtmf) }
        if event == "mark" { mark = try container.decodeIfPresent(Mark.self, forKey: .mark) }
    }

    /// What a decoding error means, naming the field and never its value.
    static func explain(_ error: any Error) -> String {
        switch error {
        case DecodingError.typeMismatch(let type, let context): "'\(path(context.codingPath))' is not \(form(of: type))"
        case DecodingError.valueNotFound(_, let context): "'\(path(context.codingPath))' is null"
        case DecodingError.keyNotFound(let key, let context): "'\(path(context.codingPath + [key]))' is missing"
        case DecodingError.dataCorrupted(let context) where !context.codingPath.isEmpty:
            "'\(path(context.codingPath))' has a wrong form"
        default: "it is not JSON"
        }
    }

    /// The names of the fields; those of the custom parameters are strangers' text, and left out.
    private static func path(_ keys: [any CodingKey]) -> String {
        let names = keys.map(\.stringValue)
        let end = names.firstIndex(of: "customParameters") ?? names.count
        return names.prefix(end + 1).joined(separator: ".")
    }

    private static func form(of type: any Any.Type) -> String {
        switch type {
        case is String.Type: "a string"
        case is [Any].Type: "a list"
        case is [String: Any].Type: "an object"
        default: "of its type"
        }
    }
}
