package import SidetoneCallControl
import SidetoneConfiguration
import SidetoneJSON
import SidetoneService
package import SidetoneTerminal
package import SidetoneWebSocket
import UnixSignals

/// Shows a monitor's calls in a terminal, for `sidetone monitor`.
package struct MonitorCommand: Sendable {
    private let url: WebSocketURL
    private let call: String?
    private let token: Secret?
    private let trust: TLS.Trust
    private let look: TerminalStyle

    /// - Parameters:
    /// - url: `http://…` or `https://…`, the address that `sidetone serve` prints.
    /// - token: nil if the monitor requires none.
    /// - Throws: `Diagnostics` when the address or the certificate authority is invalid.
    package init(
        url: String, call: String?, token: Secret?, trust: TLS.Trust, look: TerminalStyle
    ) throws {
        self.url = try Self.live(url)
        self.call = call
        self.token = token
        self.trust = trust
        self.look = look
    }

    /// Shows the calls until a key, SIGINT, SIGTERM or SIGHUP ends it; then restores the terminal.
    /// - Returns: false if there is no terminal.
    package func run() async throws -> Bool {
        guard TerminalMonitor.hasTerminal else { return false }
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm, .sighup, .sigwinch)
        let notices = signals.map { $0 == .sigwinch ? TerminalMonitor.Notice.resized : .ended }
        return try await withMonitor { await $0.run(notices: notices) }
    }

    /// The state once, as lines.
    package func snapshot() async throws -> [String] { try await withMonitor { try await $0.snapshot(width: 120) } }

    private func withMonitor<Value: Sendable>(
        _ work: @Sendable (TerminalMonitor) async throws -> Value
    ) async throws -> Value {
        try await EventLoops.with(threads: 1) { loops in
            let client = try WebSocketClient(group: loops, trust: trust, limits: TerminalMonitor.limits)
            return try await work(
                TerminalMonitor(client: client, url: url, token: token?.value, call: call, style: look))
        }
    }

    /// The URL of a monitor's live WebSocket.
    private static func live(_ text: String) throws -> WebSocketURL {
        for (web, socket) in [("http://", "ws://"), ("https://", "wss://")] where text.hasPrefix(web) {
            let address = text.dropFirst(web.count).prefix { $0 != "/" }
            if !address.isEmpty { return try WebSocketURL("\(socket)\(address)/v1/live") }
        }
        throw Diagnostics(
            Diagnostic(
                file: "monitor", line: 1, path: "URL",
                wrong: "is \"\(text)\"; expected the URL of a monitor, such as http://127.0.0.1:8080"))
    }
}
