import SidetoneModel

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What the first messages of a Twilio-shaped stream tell of its platform.
struct TwilioOpening {
    /// Of the `connected` message.
    var version: String?
    /// Whether the `connected` message says `protocol: Call`.
    var isCall = false
    /// Whether the `start` message has the stream's id at its top as well; nil while there is no `start`.
    var startHasStreamIDOnTop: Bool?
    /// Whether the ids have the letters that Twilio's have.
    var hasTwilioIDs = false

    init(_ opening: Opening) {
        for message in opening.messages where message.kind == .text {
            var payload: [UInt8] = []
            guard let fields = try? MessageScanner.scan(message.bytes.span, payload: &payload), fields.event == .other,
                let decoded = try? JSONDecoder().decode(TwilioMessage.self, from: Data(message.bytes))
            else { continue }
            if decoded.event == "connected" {
                version = decoded.version
                isCall = decoded.protocol == "Call"
            }
            if decoded.event == "start", let start = decoded.start, start.callSid != nil {
                startHasStreamIDOnTop = decoded.streamSid != nil
                hasTwilioIDs = start.callSid?.hasPrefix("CA") == true && decoded.streamSid?.hasPrefix("MZ") == true
            }
        }
    }
}
