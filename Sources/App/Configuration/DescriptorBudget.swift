package import SidetoneServer
package import SidetoneWebhooks

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// The number of streams for which the file descriptors of this process suffice. Every stream needs one for its socket
/// and some for its files. If they do not suffice for `max_streams`, fewer are admitted: rejecting a stream is better
/// than accepting one whose files fail. The process must never run out of descriptors: libdispatch opens a file of
/// /proc once per second to count its threads, and ends the process on failure.
package struct DescriptorBudget: Sendable, Equatable {
    /// Descriptors of the process itself: standard streams, event loops, listeners, libraries, health checks, and for
    /// each of three listeners 32 connections over its cap that are being answered.
    static let base = 120
    /// Share of the free descriptors for connections without a stream: a quarter.
    private static let connectionsDivisor = 4
    /// Share of all descriptors for the connections of the webhooks and of the monitor: an eighth each.
    private static let sideDivisor = 8

    let limit: Int
    let perStream: Int
    /// Maximum concurrent streams.
    package let streams: Int
    /// Maximum connections before their upgrade.
    let connections: Int
    /// Maximum connections of the webhook listener; further ones wait.
    let webhookConnections: Int
    /// Maximum connections of the monitor; further ones are refused.
    package let monitorConnections: Int
    private let wantedStreams: Int
    private let wantedConnections: Int
    private let wantedFixed: Int

    /// - Parameter limit: the descriptor limit of the process.
    package init(_ settings: PipelineSettings, limit: Int) {
        let need = SinkAssembly.descriptors(of: settings.sinks)
        self.limit = limit
        perStream = need.perStream + 1
        let side = max(1, limit / Self.sideDivisor)
        webhookConnections = min(settings.webhooks?.maxConnections ?? 0, side)
        // Each may download a file.
        monitorConnections = min(need.connections, max(1, side / 2))
        wantedFixed = Self.base + need.fixed + 2 * need.connections + (settings.webhooks?.maxConnections ?? 0)
        let fixed = Self.base + need.fixed + 2 * monitorConnections + webhookConnections
        wantedStreams = settings.source?.maxStreams ?? 0
        wantedConnections = settings.source?.maxConnectionsBeforeUpgrade ?? 0
        let free = max(0, limit - fixed)
        connections = min(wantedConnections, max(1, free / Self.connectionsDivisor))
        streams = min(wantedStreams, max(0, free - connections) / perStream)
    }

    /// What exceeds the limit, with a remedy; nil when everything fits.
    package var warning: String? {
        guard streams < wantedStreams || connections < wantedConnections else { return nil }
        let streamsAndConnections = wantedConnections + wantedStreams * perStream
        let needed = wantedFixed + max(wantedConnections * Self.connectionsDivisor, streamsAndConnections)
        return
            "max_streams is \(wantedStreams), and each stream needs \(perStream) of the \(limit) file descriptors that this process "
            + "may open: \(streams) streams are admitted, and \(connections) connections before their upgrade; to admit all, "
            + "raise the limit to \(needed): ulimit -n \(needed), or LimitNOFILE=\(needed) in a systemd unit"
    }

    /// The settings, reduced to what fits.
    package func applied(to source: WebSocketSourceSettings?) -> WebSocketSourceSettings? {
        var source = source
        source?.maxStreams = max(1, streams)
        source?.maxConnectionsBeforeUpgrade = connections
        return source
    }

    package func applied(to webhooks: WebhookSourceSettings?) -> WebhookSourceSettings? {
        var webhooks = webhooks
        webhooks?.maxConnections = webhookConnections
        return webhooks
    }

    /// The current descriptor limit of this process.
    package static var currentLimit: Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 1_024 }
        return Int(clamping: min(limit.rlim_cur, rlim_t(1 << 30)))
    }

    /// Raises the limit as far as possible without privileges.
    static func raiseLimit() {
        var limit = rlimit()
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        guard getrlimit(resource, &limit) == 0, limit.rlim_cur < limit.rlim_max else { return }
        limit.rlim_cur = limit.rlim_max
        _ = setrlimit(resource, &limit)
    }
}

/// The descriptor limit of the process, raised at start-up.
package enum Descriptors {
    /// Raises the soft limit to the hard limit, for every command.
    package static func raiseLimit() { DescriptorBudget.raiseLimit() }
}
