/// How many connections a listener keeps open.
package struct ConnectionLimits: Sendable, Hashable {
    /// All together; for a listener of WebSockets, those whose upgrade is still to come.
    package var total: Int
    /// Of one client address: less than `total`, so that no address can take the places of all others.
    package var perAddress: Int
    /// Proxies, for whose own addresses only `total` counts.
    package var trustedProxies: [AddressRange] = []

    package init(total: Int = 1_000, perAddress: Int = 250) {
        self.total = max(1, total)
        self.perAddress = min(max(1, perAddress), self.total)
    }

    /// The share of one address where a setting does not give it: a quarter.
    package static func share(of total: Int) -> Int { max(1, total / 4) }
}
