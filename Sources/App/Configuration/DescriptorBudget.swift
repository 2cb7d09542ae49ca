package import SidetoneServer
package import SidetoneWebhooks

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// How many streams the descriptors of this process suffice for.
///
/// Every stream needs one for its socket and some for its files. Where they do not suffice for `max_streams`, fewer are
/// admitted: a stream that is refused at once is better than one whose files fail. The process must never run out of them:
/// libdispatch opens a file of /proc once a second to count its threads, and ends the process when it cannot.
package struct DescriptorBudget: Sendable, Equatable {
    /// Descriptors of the process itself: standard streams, event loops, listeners, libraries, health checks; and on each of
    /// three listeners the 32 connections over a cap that may be answered at once.
    static let base = 120
    /// Of the free descriptors, connections without a stream may hold a quarter.
    private static let connectionsDivisor = 4
    /// Of all descriptors, the webhooks' and the monitor's connections may hold an eighth each.
    private static let sideDivisor = 8

    let limit: Int
    let perStream: Int
    /// Streams that may run.
    package let streams: Int
    /// Connections of platforms that are not a stream yet.
    let connections: Int
    /// Connections of the webhooks' listener; further ones wait.
    let webhookConnections: Int
    /// Connections of the monitor; further ones are refused.
    package let monitorConnections: Int
    private let wantedStreams: Int
    private let wantedConnections: Int
    private let wantedFixed: Int

    /// - Parameter limit: how many descriptors the process may have.
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

    /// What does not fit, and the way out; nil when everything does.
    package var warning: String? {
        guard streams < wantedStreams || connections < wantedConnections else { return nil }
        let streamsAndConnections = wantedConnections + wantedStreams * perStream
        let needed = wantedFixed + max(wantedConnections * Self.connectionsDivisor, streamsAndConnections)
        return
            "max_streams is \(wantedStreams), and each stream takes \(perStream) of the \(limit) files that this process "
            + "may have open: \(streams) streams are admitted, and \(connections) connections before their upgrade; for all, "
            + "raise the limit to \(needed): ulimit -n \(needed), or LimitNOFILE=\(needed) in a systemd unit"
    }

    /// The settings with what fits.
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

    /// The descriptors that this process may have now.
    package static var currentLimit: Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 1_024 }
        return Int(clamping: min(limit.rlim_cur, rlim_t(1 << 30)))
    }

    /// Raises the limit as far as it may be raised without privileges.
    static func raiseLimit() {
        var limit = rlimit()
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        guard getrlimit(resource, &limit) == 0, limit.rlim_cur < limit.rlim_max else { return }
        limit.rlim_cur = limit.rlim_max
        _ = setrlimit(resource, &limit)
    }
}

/// The descriptors of the process, for the program's start.
package enum Descriptors {
    /// Raises the soft limit to the hard one, for every command.
    package static func raiseLimit() { DescriptorBudget.raiseLimit() }
}
