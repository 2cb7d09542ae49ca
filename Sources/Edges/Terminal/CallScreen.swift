/// One call: its tracks over the last seconds, and its events.
struct CallScreen {
    let state: MonitorState
    let style: TerminalStyle

    /// - Returns: at most `height` lines, each at most `width` characters wide without escape sequences.
    func lines(width: Int, height: Int) -> [String] {
        guard let call = state.call else {
            let text = "Call \(state.watched ?? "") is not known yet."
            return [
                TerminalText.fit(text, width: width),
                style.show(.muted, text: TerminalText.fit("Esc back   q quit", width: width)),
            ]
        }
        var lines = [
            style.show(.strong, text: TerminalText.fit(title(call), width: width)),
            TerminalText.fit(figures(call), width: width),
        ]
        if let alerts = call.alerts, !alerts.isEmpty {
            let text = alerts.map { "\($0.type)\($0.severity.map { " (\($0))" } ?? "")" }.joined(separator: "   ")
            lines.append(style.show(.alert, text: TerminalText.fit(text, width: width)))
        }
        lines.append("")
        lines += lanes(call, width: width)
        lines.append("")
        let room = max(0, height - lines.count - 1)
        let events = state.signals.suffix(room).reversed()
        lines += events.map { TerminalText.fit(event($0), width: width) }
        lines.append(style.show(.muted, text: TerminalText.fit("Esc back   q quit", width: width)))
        return Array(lines.prefix(height))
    }

    private func title(_ call: LiveCall) -> String {
        var parts = [call.id, call.state, TerminalText.clock(call.seconds)]
        if let stream = call.streams?.first {
            parts.append([stream.dialect, stream.codec].compactMap { $0 }.joined(separator: " "))
        }
        if let from = call.from, let to = call.to { parts.append("\(from) → \(to)") }
        return parts.joined(separator: "   ")
    }

    private func figures(_ call: LiveCall) -> String {
        func share(_ track: String) -> String {
            guard let share = call.talk_share?[track] ?? nil, (0...1).contains(share) else { return "–" }
            return "\(Int((share * 100).rounded())) %"
        }
        return
            "talk share \(share("inbound")) / \(share("outbound"))   overtalk \(TerminalText.tenths(call.overtalk_s)) s   "
            + "silence \(TerminalText.tenths(call.silence_s)) s   gaps \(call.track("inbound").gaps ?? 0) / "
            + "\(call.track("outbound").gaps ?? 0)"
    }

    private func lanes(_ call: LiveCall, width: Int) -> [String] {
        let label = 10
        let room = max(1, width - label - 7)
        func lane(_ name: String, tone: TerminalStyle.Role) -> String {
            let steps = (state.lanes[name] ?? []).suffix(room)
            let text = String(steps.map { $0.speech ? TerminalText.height($0.level) : quiet($0.level) })
            let level = TerminalText.fit(TerminalText.tenths(call.track(name).level_dbfs), width: 6, right: true)
            return TerminalText.fit(name, width: label)
                + style.show(tone, text: TerminalText.fit(text, width: room, right: true)) + " "
                + level
        }
        let (inbound, outbound) = (state.lanes["inbound"] ?? [], state.lanes["outbound"] ?? [])
        let both = zip(inbound.suffix(room).reversed(), outbound.suffix(room).reversed()).reversed()
        let overtalk = String(both.map { $0.speech && $1.speech ? "═" : " " })
        return [
            lane("inbound", tone: .inbound),
            TerminalText.fit("overtalk", width: label)
                + style.show(.alert, text: TerminalText.fit(overtalk, width: room, right: true)),
            lane("outbound", tone: .outbound),
        ]
    }

    /// Sound without speech is drawn as a dot, silence as a space.
    private func quiet(_ level: Double) -> Character { level > -50 ? "·" : " " }

    private func event(_ signal: LiveSignal) -> String {
        let start = TerminalText.tenths(signal.data?.start)
        let end = signal.data?.end.map { " – \(TerminalText.tenths($0))" } ?? ""
        return
            "\(TerminalText.fit("\(start)\(end) s", width: 20, right: true))  \(TerminalText.fit(signal.data?.track ?? "both", width: 9)) "
            + signal.name
    }
}
