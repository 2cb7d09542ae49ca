/// Words that were replaced by the standard terms of the field, and must not come back. The lists grow as words go.
enum BannedWords {
    /// Names of types, cases and functions.
    static let names: Set<String> = [
        "AccessGate", "AnalyzeRun", "AnswerDesk", "Attention", "CallBoard", "CallBook", "CallExecutor",
        "CallFlow", "CallIngest", "CallNews", "CallOrder", "CallSetup", "CallTeller", "CallWatch", "Catalogue",
        "DeadLine", "DoctorRun", "EmulatedCall", "EscalatingRun", "FaultDice", "FileShelf", "Findings", "Floor",
        "FlowMoment", "FlowObserver", "FreshIDs", "GateKeeper", "LiveReader", "LiveWords", "Machine", "Mailbox",
        "Measure", "MessageIngest", "Moment", "News", "OptionProblems", "Outlet", "Refusal", "ReportRun",
        "SeededGenerator", "SettingsError", "SinkKind", "SinkLane", "SinkPlace", "StallWatch", "TerminalLook",
        "Tone", "TrackCourse", "TrackIngest", "TrackState", "TrackStep", "TrackTimeline", "UpgradeGate",
        "WallTime", "WebhookDesk", "WebhookEntry", "WebhookRefusal", "Wishes", "happened",
    ]

    /// Parts of texts, and settings.
    static let texts = [
        "All places are taken", "Goes on with", "Inputs side by side", "Milliseconds a packet", "Not there yet",
        "Only says what", "Plays a platform", "Streams at once", "What a call leaves behind", "Who reads slowly",
        "all the same", "allowed is", "by itself", "drain_s", "fares", "finds out why", "handshake broke",
        "is spoken here", "is there twice", "it takes", "lead_ms", "look into", "one a line", "our bug", "ping_s",
        "seen_s", "seen_webhooks", "with their findings",
    ]

    /// The string literals of one line that hold a banned text.
    static func phrases(in file: SourceFile) -> [String] {
        file.code.split(separator: "\n").flatMap { line -> [String] in
            let literals = line.split(separator: "\"", omittingEmptySubsequences: false).enumerated()
                .filter { !$0.offset.isMultiple(of: 2) }.map(\.element)
            return literals.flatMap { literal in
                texts.filter { literal.contains($0) }.map { "\(file.path): \"\($0)\" in \"\(literal)\"" }
            }
        }
    }
}
