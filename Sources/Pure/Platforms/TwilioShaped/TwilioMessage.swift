import SidetoneCodecs
import SidetoneModel

/// The rare messages of the Twilio-shaped dialects, as they are written.
struct TwilioMessage: Encodable, Sendable {
    struct Format: Encodable, Sendable {
        var encoding: String
        var sampleRate: Int
        var channels: Int
    }

    struct Start: Encodable, Sendable {
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
                sampleRate: start.format.sampleRate, channels: 1)
        }
    }

    struct Digit: Encodable, Sendable {
        var track: String?
        var digit: String
        var duration: Int?
    }

    struct Mark: Encodable, Sendable { var name: String }

    struct Stop: Encodable, Sendable {
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
}
