import SidetoneModel

/// Generates the parts of an emulated call's IDs, reproducibly by seed.
public struct IdentifierSource: Sendable {
    /// UTC, for platforms whose ids begin with it: `20260304T091507`.
    public let time: String
    /// Whether the ids are those of a probe: `PlatformCatalog.isProbe` recognises them.
    public let isProbe: Bool
    /// Eight hexadecimal digits that mark the id of a probe's call, behind the platform's own prefix.
    static let probeMark = "d0c70200"
    private var random: SplitMix64

    public init(seed: UInt64, time: String, isProbe: Bool = false) {
        random = SplitMix64(seed: seed)
        self.time = time
        self.isProbe = isProbe
    }

    /// Hexadecimal digits, lower case.
    public mutating func hex(_ count: Int) -> String { random.hex(count) }

    /// Decimal digits.
    public mutating func decimal(_ count: Int) -> String { random.decimal(count) }

    /// RFC 9562 §5.4: version 4.
    public mutating func uuid() -> String { random.uuid() }

    /// What a UUID that identifies the call of a probe begins with.
    static let probeUUIDPrefix = "\(probeMark)-"

    /// A UUID that identifies a call; that of a probe begins with its mark.
    public mutating func callUUID() -> String {
        let uuid = uuid()
        return isProbe ? Self.probeMark + uuid.dropFirst(Self.probeMark.count) : uuid
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
