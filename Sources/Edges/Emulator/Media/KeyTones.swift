import Foundation

/// The tones of a telephone's keys: ITU-T Q.23, two frequencies each.
enum KeyTones {
    /// Rows and columns of the keypad.
    private static let rows = [697.0, 770.0, 852.0, 941.0]
    private static let columns = [1_209.0, 1_336.0, 1_477.0, 1_633.0]
    private static let pad: [Character] = Array("123A456B789C*0#D")

    /// Amplitude of one frequency; full scale is 32,768: −15 dBFS each.
    private static let amplitude = 8_000.0
    /// Duration of a key and of the pause after it; ITU-T Q.24 requires at least 40 ms each.
    static let toneMs = 100
    static let gapMs = 100
    /// Duration of `w` and of the comma, in milliseconds. Assumed, because the platforms do not document it: half a
    /// second; `W` is one second.
    static let shortPauseMs = 500
    static let longPauseMs = 1_000

    /// The tone of one key; empty for other characters.
    static func tone(_ key: Character, sampleRate: Int, ms: Int = toneMs) -> [Int16] {
        guard let place = pad.firstIndex(of: key) else { return [] }
        let low = 2 * .pi * rows[place / 4] / Double(sampleRate)
        let high = 2 * .pi * columns[place % 4] / Double(sampleRate)
        return (0..<sampleRate * ms / 1_000).map { n in
            Int16((amplitude * (sin(low * Double(n)) + sin(high * Double(n)))).rounded())
        }
    }

    /// A sequence of keys, with the pauses `w`, `W` and the comma.
    /// - Returns: the start of each tone, and the total duration, in samples.
    static func sequence(
        _ digits: String, pauseBeforeMs: Int, sampleRate: Int
    ) -> (tones: [(first: Int64, samples: [Int16])], count: Int64) {
        var tones: [(first: Int64, samples: [Int16])] = []
        var ms = pauseBeforeMs
        for digit in digits {
            switch digit {
            case "w", ",": ms += shortPauseMs
            case "W": ms += longPauseMs
            default:
                tones.append((Int64(sampleRate * ms / 1_000), tone(digit, sampleRate: sampleRate)))
                ms += toneMs + gapMs
            }
        }
        return (tones, Int64(sampleRate * ms / 1_000))
    }
}
