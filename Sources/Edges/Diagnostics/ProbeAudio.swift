import Foundation
import SidetonePlatforms

/// One second of two tones: 440 Hz for the caller, 554 Hz for the other side, at −20 dBFS.
enum ProbeAudio {
    static let sampleRate = 8_000
    /// Packets of 20 ms per track.
    static let packets = 50

    static let inbound = tone(440)
    static let outbound = tone(554)

    private static func tone(_ frequency: Double) -> [Int16] {
        (0..<sampleRate).map {
            Int16(3_277 * sin(2 * Double.pi * frequency * Double($0) / Double(sampleRate)))
        }
    }
}

/// IDs of the probe's call, in its platform's format.
struct ProbeIDs: Sendable {
    let call: String
    let stream: String
    let account: String?

    init(_ platform: any Platform.Type) {
        var source = IdentifierSource(seed: .random(in: 0 ... .max), time: "", isProbe: true)
        let ids = platform.identifiers(from: &source)
        (call, stream, account) = (ids.call, ids.stream(1), ids.account)
    }
}
