import Foundation
import SidetoneCallControl

/// One second of two tones: 440 Hz for the caller, 554 Hz for the other side, at −20 dBFS.
enum ProbeAudio {
    static let sampleRate = 8_000
    /// Of 20 ms, on each track.
    static let packets = 50

    static let inbound = tone(440)
    static let outbound = tone(554)

    private static func tone(_ frequency: Double) -> [Int16] {
        (0..<sampleRate).map {
            Int16(3_277 * sin(2 * Double.pi * frequency * Double($0) / Double(sampleRate)))
        }
    }
}

/// Ids of a call that never was, in the form of each platform.
struct ProbeIDs: Sendable {
    let call: String
    let stream: String
    let account: String

    init(platform: String) {
        func hex(_ count: Int) -> String { String((0..<count).map { _ in "0123456789abcdef".randomElement() ?? "0" }) }
        switch platform {
        case "signalwire":
            call = ProbeCall.mark + UUID().uuidString.lowercased().dropFirst(ProbeCall.mark.count)
            stream = UUID().uuidString.lowercased()
            account = UUID().uuidString.lowercased()
        case "minivoice":
            call = "\(ProbeCall.miniVoicePrefix)\(hex(12))"
            stream = "stream_doctor-\(hex(12))"
            account = "app_doctor"
        default:
            call = "CA" + ProbeCall.mark + hex(32 - ProbeCall.mark.count)
            stream = "MZ" + hex(32)
            account = "AC" + hex(32)
        }
    }
}
