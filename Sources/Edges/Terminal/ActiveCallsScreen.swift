/// The list of active calls: one line each with speaker, levels and alerts.
struct ActiveCallsScreen {
    let state: MonitorState
    let style: TerminalStyle

    /// - Returns: at most `height` lines, each `width` characters wide without escape sequences.
    func lines(width: Int, height: Int) -> [String] {
        let list = state.list
        var lines = [
            style.show(.strong, text: TerminalText.fit(title(list.count), width: width)),
            style.show(.muted, text: header(width)),
        ]
        let room = max(0, height - lines.count - 1)
        // The selected call stays visible.
        let index = list.firstIndex { $0.id == state.chosen } ?? 0
        let first = max(0, min(index - room / 2, list.count - room))
        for call in list[min(first, list.count)...].prefix(room) { lines.append(line(call, width: width)) }
        if list.isEmpty { lines.append(TerminalText.fit(emptiness, width: width)) }
        lines.append(
            style.show(.muted, text: TerminalText.fit("↑ ↓ select   Enter open call   q quit", width: width)))
        return Array(lines.prefix(height))
    }

    private var emptiness: String {
        switch state.connection {
        case .connecting: "Connecting…"
        case .open: "No call is active."
        case .lost(let why): "Connection lost, reconnecting: \(why)"
        }
    }

    private func title(_ count: Int) -> String {
        var parts = ["Sidetone \(state.version)", "\(count) active"]
        if let status = state.status {
            if let streams = status.streams { parts.append("streams \(streams.open) of \(streams.limit)") }
            parts.append("CPU \(TerminalText.tenths(status.cpu_percent)) %")
            parts.append("loop lag \(TerminalText.tenths(status.event_loop_lag_ms)) ms")
            if status.state == "draining" { parts.append("DRAINING") }
        }
        if state.gaps > 0 { parts.append("gaps \(state.gaps)") }
        if state.unreadable > 0 { parts.append("unreadable \(state.unreadable)") }
        if case .lost = state.connection { parts.append("CONNECTION LOST") }
        return parts.joined(separator: "   ")
    }

    private func header(_ width: Int) -> String {
        cells(
            "call", time: "time", speaks: "speaking", inbound: "inbound dBFS", outbound: "outbound dBFS",
            silence: "silence", alerts: "alerts", width: width
        ).joined(
            separator: " ")
    }

    private func line(_ call: LiveCall, width: Int) -> String {
        let (inbound, outbound) = (call.track("inbound"), call.track("outbound"))
        let alerts = Set((call.alerts ?? []).map(\.type)).sorted().joined(separator: " ")
        let bars = barWidth(width)
        func level(_ track: LiveCall.Track) -> String {
            TerminalText.bar(track.level_dbfs, width: bars)
                + TerminalText.fit(TerminalText.tenths(track.level_dbfs), width: 6, right: true)
        }
        var cells = cells(
            call.id, time: TerminalText.clock(call.seconds), speaks: call.speaking ?? "none", inbound: level(inbound),
            outbound: level(outbound),
            silence: "\(TerminalText.tenths(call.silence_s)) s", alerts: alerts, width: width)
        cells[3] = style.show(.inbound, text: cells[3])
        cells[4] = style.show(.outbound, text: cells[4])
        if !alerts.isEmpty { cells[6] = style.show(.alert, text: cells[6]) }
        if call.id == state.chosen { cells[0] = style.show(.chosen, text: cells[0]) }
        return cells.joined(separator: " ")
    }

    /// Seven cells that, with the spaces between them, fill the width.
    private func cells(
        _ id: String, time: String, speaks: String, inbound: String, outbound: String, silence: String,
        alerts: String, width: Int
    ) -> [String] {
        let level = barWidth(width) + 6
        let idWidth = max(8, min(34, width / 4))
        let rest = max(0, width - idWidth - 8 - 8 - 2 * level - 8 - 6)
        return [
            TerminalText.fit(id, width: idWidth), TerminalText.fit(time, width: 8, right: true),
            TerminalText.fit(speaks, width: 8),
            TerminalText.fit(inbound, width: level), TerminalText.fit(outbound, width: level),
            TerminalText.fit(silence, width: 8, right: true), TerminalText.fit(alerts, width: rest),
        ]
    }

    private func barWidth(_ width: Int) -> Int { max(4, min(20, (width - 60) / 5)) }
}
