package import SidetoneModel
import SidetoneWebSocket

/// Where the monitoring channel listens, and whom it serves: the `monitor` sink of a pipeline file.
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
            "Where the dashboard and its API listen; port 0 takes a free one. Other than loopback needs token_file or "
                + "behind_proxy."),
        Setting(
            "tls.certificate", \.certificate, "a PEM file", "The certificate, then its chain; without it plain HTTP."),
        Setting("tls.key", \.key, "a PEM file", "The certificate's private key."),
        Setting(
            "token_file", \.tokenFile, "a file with one token a line",
            "The tokens of which a request must carry one, as bearer token or by signing in."),
        Setting(
            "behind_proxy", \.behindProxy,
            "A proxy before it decides who may ask, and ends TLS; allowed_hosts names it then."),
        hosts,
        Setting("show_numbers", \.showNumbers, "Shows telephone numbers in full."),
        Setting(
            "rate_hz", \.rateHz, in: 1...10,
            "How often clients of the live socket are told levels and speech, a second."),
        Setting(
            "events_history", \.eventsHistory, in: 1...1_000_000,
            "Signals that are kept for subscribers of events who return."),
        Setting(
            "max_subscribers", \.maxSubscribers, in: 1...10_000,
            "Subscribers of events, and clients of the live socket, at once; a further one is answered 503."),
        Setting(
            "watchdog_s", \.watchdogS, in: 0...3_600,
            "How often it connects to the receiver of streams, so that /healthz tells whether that answers, in seconds; 0 never."
        ),
    ]

    private static let hosts = Setting<Self>(
        name: "allowed_hosts", summary: "Names under which browsers may reach it, besides the address it listens at.",
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

    /// One address can have all subscribers of both kinds and some requests beside them, and leaves room for others.
    var connections: ConnectionLimits {
        ConnectionLimits(total: maxSubscribers * 2 + 300, perAddress: maxSubscribers * 2 + 100)
    }

    /// Host and port of `listen`; nil when it is no `host:port`.
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
                        "is \(address), which others can reach; give token_file, or behind_proxy: true where a proxy "
                            + "decides who may ask, or listen at 127.0.0.1:\(address.port)"
                    ))
            } else if allowedHosts.isEmpty {
                problems.append(
                    ("behind_proxy", "is true, and allowed_hosts is empty; name the host that browsers see there"))
            }
        }
        return problems
    }
}
