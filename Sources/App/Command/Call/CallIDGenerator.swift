import SidetonePipeline
import SidetonePlatforms

/// Ids of a new call in the form of its platform, different every time; with a seed the same every time, as far as the
/// form has no clock.
struct CallIDGenerator: Sendable {
    let call: String
    let account: String
    /// The platform's own name of the call: a UUID.
    let provider: String
    private let isUUID: Bool
    private let prefix: String
    private let tail: String

    /// - Parameter callID: the call's, where it is given.
    init(platform: any Dialect.Type, seed: UInt64?, number: Int, callID: String?) {
        var random =
            seed.map { Digits(state: $0 &+ UInt64(number) &* 0x1000_0001) } ?? Digits(state: .random(in: 0 ... .max))
        provider = random.uuid()
        let fresh: String
        switch platform.name {
        case SignalWire.name:
            (fresh, account) = (random.uuid(), random.uuid())
            (isUUID, prefix, tail) = (true, "", random.uuid())
        case MiniVoice.name:
            // As the platform's samples show them: UTC and nine digits.
            let time = WallTime.text(WallClock.now()).prefix(19).filter { $0.isNumber || $0 == "T" }
            (fresh, account) = ("call_\(time).\(random.decimal(9))", "app_\(time).\(random.decimal(9))")
            (isUUID, prefix, tail) = (false, "stream_\(time).", random.decimal(6))
        default:
            (fresh, account) = ("CA\(random.hex(32))", "AC\(random.hex(32))")
            (isUUID, prefix, tail) = (false, "MZ", random.hex(28))
        }
        call = callID ?? fresh
    }

    /// The id of the n-th stream, from 1.
    var stream: @Sendable (Int) -> String {
        let (isUUID, prefix, tail) = (isUUID, prefix, tail)
        return { number in
            let digits = String(number, radix: isUUID || prefix == "MZ" ? 16 : 10)
            let width = isUUID || prefix == "MZ" ? 4 : 3
            let padded = String(repeating: "0", count: max(0, width - digits.count)) + digits
            return isUUID ? padded + tail.dropFirst(4) : prefix + tail + padded
        }
    }
}

/// Random digits: SplitMix64 (Steele, Lea and Flood, OOPSLA 2014).
private struct Digits {
    var state: UInt64

    private mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func hex(_ count: Int) -> String {
        String((0..<count).map { _ in Character(String(next() & 15, radix: 16)) })
    }

    mutating func decimal(_ count: Int) -> String {
        String((0..<count).map { _ in Character(String(next() % 10)) })
    }

    /// RFC 9562 §5.4: version 4.
    mutating func uuid() -> String {
        "\(hex(8))-\(hex(4))-4\(hex(3))-\(["8", "9", "a", "b"][Int(next() & 3)])\(hex(3))-\(hex(12))"
    }
}
