/// The limits on a listener's open connections.
package struct ConnectionLimits: Sendable, Hashable {
    /// In total; for a WebSocket listener, connections before their upgrade.
    package var total: Int
    /// Per client address: less than `total`, so that no address can occupy all connections.
    package var perAddress: Int
    /// Proxies, to whose own addresses only `total` applies.
    package var trustedProxies: [AddressRange] = []

    package init(total: Int = 1_000, perAddress: Int = 250) {
        self.total = max(1, total)
        self.perAddress = min(max(1, perAddress), self.total)
    }

    /// The default share of one address: a quarter.
    package static func share(of total: Int) -> Int { max(1, total / 4) }
}
