/// One call: its tracks as lanes of the last seconds, and what happened.
struct CallScreen {
    let state: MonitorState
    let look: TerminalLook

    /// - Returns: at most `height` lines, each at most `width` signs wide apart from colours.
    func lines(width: Int, height: Int) -> [String] {
        guard let call = state.call else {
            let text = "Call \(state.watched ?? "") is not known yet."
            return [TerminalText.fit(text, width), look.show(.muted, TerminalText.fit("Esc back   q quit", width))]
        }
        var lines = [look.show(.strong, TerminalText.fit(title(call), width)), TerminalText.fit(figures(call), width)]
        if let alerts = call.alerts, !alerts.isEmpty {
            let text = alerts.map { "\($0.type)\($0.severity.map { " (\($0))" } ?? "")" }.joined(separator: "   ")
            lines.append(look.show(.alert, TerminalText.fit(text, width)))
        }
        lines.append("")
        lines += lanes(call, width)
        lines.append("")
        let room = max(0, height - lines.count - 1)
        let events = state.signals.suffix(room).reversed()
        lines += events.map { TerminalText.fit(event($0), width) }
        lines.append(look.show(.muted, TerminalText.fit("Esc back   q quit", width)))
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

    private func lanes(_ call: LiveCall, _ width: Int) -> [String] {
        let label = 10
        let room = max(1, width - label - 7)
        func lane(_ name: String, _ tone: TerminalLook.Tone) -> String {
            let steps = (state.lanes[name] ?? []).suffix(room)
            let text = String(steps.map { $0.speech ? TerminalText.height($0.level) : quiet($0.level) })
            let level = TerminalText.fit(TerminalText.tenths(call.track(name).level_dbfs), 6, right: true)
            return TerminalText.fit(name, label) + look.show(tone, TerminalText.fit(text, room, right: true)) + " "
                + level
        }
        let (inbound, outbound) = (state.lanes["inbound"] ?? [], state.lanes["outbound"] ?? [])
        let both = zip(inbound.suffix(room).reversed(), outbound.suffix(room).reversed()).reversed()
        let overtalk = String(both.map { $0.speech && $1.speech ? "═" : " " })
        return [
            lane("inbound", .inbound),
            TerminalText.fit("overtalk", label) + look.show(.alert, TerminalText.fit(overtalk, room, right: true)),
            lane("outbound", .outbound),
        ]
    }

    /// Sound that is not speech is drawn as a dot, silence as nothing.
    private func quiet(_ level: Double) -> Character { level > -50 ? "·" : " " }

    private func event(_ signal: LiveSignal) -> String {
        let start = TerminalText.tenths(signal.data?.start)
        let end = signal.data?.end.map { " – \(TerminalText.tenths($0))" } ?? ""
        return
            "\(TerminalText.fit("\(start)\(end) s", 20, right: true))  \(TerminalText.fit(signal.data?.track ?? "both", 9)) "
            + signal.name
    }
}
