/// How many connections a listener keeps open.
public struct ConnectionLimits: Sendable, Hashable {
    /// All together; for a listener of WebSockets, those whose upgrade is still to come.
    public var total: Int
    /// Of one client address: less than `total`, so that no address can take the places of all others.
    public var perAddress: Int
    /// Proxies, for whose own addresses only `total` counts.
    public var trustedProxies: [AddressRange] = []

    public init(total: Int = 1_000, perAddress: Int = 250) {
        self.total = max(1, total)
        self.perAddress = min(max(1, perAddress), self.total)
    }

    /// The share of one address where a setting does not give it: a quarter.
    public static func share(of total: Int) -> Int { max(1, total / 4) }
}
