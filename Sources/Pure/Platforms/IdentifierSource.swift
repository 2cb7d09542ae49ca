import SidetoneCallControl

/// What the ids of an emulated call are made of. The same seed gives the same ids.
public struct IdentifierSource: Sendable {
    /// UTC, for platforms whose ids begin with it: `20260304T091507`.
    public let time: String
    /// Whether the ids are those of a probe: `ProbeCall` recognises them.
    public let isProbe: Bool
    private var state: UInt64

    public init(seed: UInt64, time: String, isProbe: Bool = false) {
        state = seed
        self.time = time
        self.isProbe = isProbe
    }

    /// SplitMix64 (Steele, Lea and Flood, OOPSLA 2014).
    private mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    public mutating func hex(_ count: Int) -> String {
        String((0..<count).map { _ in Character(String(next() & 15, radix: 16)) })
    }

    public mutating func decimal(_ count: Int) -> String {
        String((0..<count).map { _ in Character(String(next() % 10)) })
    }

    /// RFC 9562 §5.4: version 4.
    public mutating func uuid() -> String {
        "\(hex(8))-\(hex(4))-4\(hex(3))-\(["8", "9", "a", "b"][Int(next() & 3)])\(hex(3))-\(hex(12))"
    }

    /// A UUID that identifies a call; that of a probe begins with its mark.
    public mutating func callUUID() -> String {
        let uuid = uuid()
        return isProbe ? ProbeCall.mark + uuid.dropFirst(ProbeCall.mark.count) : uuid
    }
}

/// The ids of one call.
public struct CallIdentifiers: Sendable {
    public var call: String
    public var account: String?
    /// The id of the n-th stream, from 1.
    public var stream: @Sendable (Int) -> String

    public init(call: String, account: String? = nil, stream: @escaping @Sendable (Int) -> String) {
        self.call = call
        self.account = account
        self.stream = stream
    }
}

/// Numbers within ids.
enum PaddedNumber {
    static func text(_ number: Int, radix: Int, width: Int) -> String {
        let digits = String(number, radix: radix)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
