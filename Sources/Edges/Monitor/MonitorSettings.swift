package import SidetoneModel
import SidetoneWebSocket

/// Settings of the `monitor` sink: where it listens and who may connect.
package struct MonitorSettings: ComponentSettings {
    package var listen = "127.0.0.1:8080"
    package var certificate = ""
    package var key = ""
    package var tokenFile = ""
    package var behindProxy = false
    package var allowedHosts: [String] = []
    package var showNumbers = false
    package var rateHz = 10
    package var eventsHistory = 10_000
    package var maxSubscribers = 100
    package var watchdogS = 10

    package init() {}

    package static let fields: [Setting<Self>] = [
        Setting(
            "listen", \.listen, "host:port",
            "Listen address of the dashboard and its API; port 0 selects a free port. Other than loopback requires token_file or "
                + "behind_proxy."),
        Setting(
            "tls.certificate", \.certificate, "a PEM file",
            "The certificate followed by its chain; without it, plain HTTP is served."),
        Setting("tls.key", \.key, "a PEM file", "The certificate's private key."),
        Setting(
            "token_file", \.tokenFile, "a file with one token per line",
            "Valid tokens; a request must carry one as bearer token, or the user must sign in with one."),
        Setting(
            "behind_proxy", \.behindProxy,
            "A reverse proxy controls access and terminates TLS; its name must be in allowed_hosts."),
        hosts,
        Setting("show_numbers", \.showNumbers, "Show telephone numbers in full."),
        Setting(
            "rate_hz", \.rateHz, in: 1...10,
            "Updates of levels and speech per second on the live socket."),
        Setting(
            "events_history", \.eventsHistory, in: 1...1_000_000,
            "Number of signals kept for subscribers that reconnect."),
        Setting(
            "max_subscribers", \.maxSubscribers, in: 1...10_000,
            "Maximum concurrent subscribers of events, and of clients of the live socket; further ones get 503."),
        Setting(
            "watchdog_s", \.watchdogS, in: 0...3_600,
            "How often it connects to the receiver of streams, so that /healthz tells whether that answers, in seconds; 0 never."
        ),
    ]

    private static let hosts = Setting<Self>(
        name: "allowed_hosts", summary: "Host names accepted in addition to the listen address.",
        allowed: "a list of host names", standard: { "[\($0.allowedHosts.joined(separator: ", "))]" }
    ) { value, root in
        guard case .list(let items) = value else { return "is \(value); expected a list such as [monitor.example.com]" }
        var hosts: [String] = []
        for item in items {
            guard case .text(let host) = item, !host.isEmpty, !host.contains("/"), !host.contains("*") else {
                return "holds \(item); expected host names such as monitor.example.com"
            }
            hosts.append(host.lowercased())
        }
        root.allowedHosts = hosts
        return nil
    }

    /// Connections that the listener admits: subscribers of both kinds, and requests beside them.
    package var maxConnections: Int { maxSubscribers * 2 + 300 }

    /// One address can have all subscribers of both kinds and some requests beside them, and leaves room for others.
    ///
    /// - Parameter limit: connections that the process has descriptors for.
    func connections(limit: Int) -> ConnectionLimits {
        guard limit < maxConnections else {
            return ConnectionLimits(total: maxConnections, perAddress: maxSubscribers * 2 + 100)
        }
        return ConnectionLimits(total: limit, perAddress: max(1, limit / 2))
    }

    /// Host and port of `listen`; nil if it is not `host:port`.
    package var address: ListenAddress? { ListenAddress(listen) }

    package func problems() -> [(setting: String, problem: String)] {
        var problems: [(String, String)] = []
        if certificate.isEmpty != key.isEmpty {
            problems.append(("tls", "names only one of certificate and key; expected both"))
        }
        guard let address else {
            problems.append(("listen", "is \"\(listen)\"; expected host:port, such as 127.0.0.1:8080"))
            return problems
        }
        if !address.isLoopback, tokenFile.isEmpty {
            if !behindProxy {
                problems.append(
                    (
                        "listen",
                        "is \(address), which other machines can reach; set token_file, or behind_proxy: true if a proxy "
                            + "controls access, or listen at 127.0.0.1:\(address.port)"
                    ))
            } else if allowedHosts.isEmpty {
                problems.append(
                    ("behind_proxy", "is true but allowed_hosts is empty; add the host name that browsers use"))
            }
        }
        return problems
    }
}
