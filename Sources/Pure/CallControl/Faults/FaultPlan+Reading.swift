import SidetoneJSON

extension FaultPlan {
    /// An example of every fault.
    package static let grammar =
        "drop=2%, reorder=1%, duplicate=1%, jitter=40ms, stall=2s@10s, disconnect@15s, media-before-start, no-stop, "
        + "second-socket, wrong-codec, clock-drift=200ppm, webhooks=duplicate+reorder+delay"

    private static let words = [
        "drop", "reorder", "duplicate", "jitter", "stall", "disconnect", "media-before-start", "no-stop",
        "second-socket", "wrong-codec", "clock-drift", "webhooks",
    ]

    /// Reads a list of faults, separated by commas: see `grammar`.
    ///
    /// - Throws: `FaultPlanError` with every problem.
    package init(_ text: String) throws(FaultPlanError) {
        self.init()
        var problems: [String] = []
        var seen: Set<String> = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let part = part.drop { $0 == " " }
            let name = String(part.prefix { $0 != "=" && $0 != "@" })
            if name != "stall", !seen.insert(name).inserted {
                problems.append("\(Self.quoted(name)) is given twice; keep one")
            } else if let problem = read(name, value: part.dropFirst(name.count)) {
                problems.append(problem)
            }
        }
        guard problems.isEmpty else { throw FaultPlanError(problems: problems) }
    }

    /// - Parameter value: with its `=` or `@`; empty without a value.
    /// - Returns: the problem; nil if it is valid.
    private mutating func read(_ name: String, value: Substring) -> String? {
        switch name {
        case "drop": return share(name, value: value, field: \.drop)
        case "reorder": return share(name, value: value, field: \.reorder)
        case "duplicate": return share(name, value: value, field: \.duplicate)
        case "jitter":
            guard let seconds = Self.seconds(value, after: "="), (0...60).contains(seconds) else {
                return Self.wrong(name, value: value, right: "a time up to 60 s, such as jitter=40ms")
            }
            jitter = seconds
        case "stall":
            let halves = value.split(separator: "@", omittingEmptySubsequences: false)
            guard halves.count == 2, let lasts = Self.seconds(halves[0], after: "="),
                let at = Self.seconds("@" + halves[1], after: "@"), (0...600).contains(lasts), at <= 86_400
            else { return Self.wrong(name, value: value, right: "a duration and a time, such as stall=2s@10s") }
            stalls.append(Stall(at: at, lasts: lasts))
        case "disconnect":
            guard let at = Self.seconds(value, after: "@"), at <= 86_400 else {
                return Self.wrong(name, value: value, right: "a time, such as disconnect@15s")
            }
            disconnect = at
        case "media-before-start": return flag(name, value: value, field: \.sendsMediaBeforeStart)
        case "no-stop": return flag(name, value: value, field: \.omitsStop)
        case "second-socket": return flag(name, value: value, field: \.opensSecondSocket)
        case "wrong-codec": return flag(name, value: value, field: \.announcesWrongCodec)
        case "clock-drift":
            guard value.first == "=", value.hasSuffix("ppm"), let ppm = Double(value.dropFirst().dropLast(3)),
                (-100_000...100_000).contains(ppm)
            else {
                return Self.wrong(
                    name, value: value, right: "±100000 ppm at most, such as clock-drift=200ppm")
            }
            clockDriftPPM = ppm
        case "webhooks":
            for word in value.dropFirst().split(separator: "+", omittingEmptySubsequences: false) {
                guard value.first == "=", let fault = Webhooks.names.first(where: { $0.name == word })?.fault else {
                    return Self.wrong(
                        name, value: value,
                        right: "duplicate, reorder and delay, joined by +, such as webhooks=duplicate+reorder")
                }
                webhooks.insert(fault)
            }
            if webhooks.isEmpty { return Self.wrong(name, value: value, right: "such as webhooks=duplicate+reorder") }
        default:
            if name == "delay" { return "delay is a fault of webhooks: write webhooks=delay, or jitter=40ms for media" }
            let near =
                NearestWord.of(name, in: Self.words).map { "did you mean \($0)?" } ?? "available: \(Self.grammar)"
            return "\(Self.quoted(name)) is not a fault; \(near)"
        }
        return nil
    }

    private mutating func share(_ name: String, value: Substring, field: WritableKeyPath<FaultPlan, Double>)
        -> String?
    {
        guard value.first == "=", value.last == "%", let percent = Double(value.dropFirst().dropLast()),
            (0...100).contains(percent)
        else {
            let other = name == "drop" ? "" : "; for webhooks write webhooks=\(name)"
            return Self.wrong(name, value: value, right: "a percentage of the media messages, such as \(name)=1%")
                + other
        }
        self[keyPath: field] = percent / 100
        return nil
    }

    private mutating func flag(_ name: String, value: Substring, field: WritableKeyPath<FaultPlan, Bool>) -> String? {
        guard value.isEmpty else { return "\(name) has no value; write \(name) alone" }
        self[keyPath: field] = true
        return nil
    }

    private static func wrong(_ name: String, value: Substring, right: String) -> String {
        "\(name) is \(value.isEmpty ? "without a value" : quoted(String(value))); expected \(right)"
    }

    private static func quoted(_ text: String) -> String {
        "\"\(String(text.prefix(40).map { $0.isASCII && !$0.isNewline && $0 != "\u{1B}" ? $0 : "?" }))\""
    }

    /// Maximum time: a day.
    private static let maxSeconds = 86_400.0

    /// `40ms`, `2s`, `1.5s`.
    private static func seconds(_ text: Substring, after sign: Character) -> Double? {
        guard text.first == sign else { return nil }
        let text = text.dropFirst()
        let (digits, unit) = text.hasSuffix("ms") ? (text.dropLast(2), 0.001) : (text.dropLast(), 1)
        guard text.hasSuffix("s"), let number = Double(digits), number >= 0, number * unit <= maxSeconds else {
            return nil
        }
        return number * unit
    }
}

extension FaultPlan: CustomStringConvertible {
    /// The plan as text.
    package var description: String {
        var parts: [String] = []
        for (name, value) in [("drop", drop), ("reorder", reorder), ("duplicate", duplicate)] where value > 0 {
            parts.append("\(name)=\(Self.number(value * 100))%")
        }
        if jitter > 0 { parts.append("jitter=\(Self.number(jitter * 1_000))ms") }
        parts += stalls.map { "stall=\(Self.number($0.lasts))s@\(Self.number($0.at))s" }
        if let disconnect { parts.append("disconnect@\(Self.number(disconnect))s") }
        if sendsMediaBeforeStart { parts.append("media-before-start") }
        if omitsStop { parts.append("no-stop") }
        if opensSecondSocket { parts.append("second-socket") }
        if announcesWrongCodec { parts.append("wrong-codec") }
        if clockDriftPPM != 0 { parts.append("clock-drift=\(Self.number(clockDriftPPM))ppm") }
        let names = Webhooks.names.filter { webhooks.contains($0.fault) }.map(\.name)
        if !names.isEmpty { parts.append("webhooks=\(names.joined(separator: "+"))") }
        return parts.joined(separator: ",")
    }

    /// Rounded to three decimals, without trailing zeros.
    private static func number(_ value: Double) -> String {
        let rounded = (value * 1_000).rounded() / 1_000
        return rounded == rounded.rounded() ? String(Int(rounded)) : String(rounded)
    }
}
