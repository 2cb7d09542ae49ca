extension CallLogEntry {
    /// Values that hold telephone numbers.
    public static let numberNames: Set<String> = ["from", "to"]

    /// The name of the value that states whether the sender was authenticated.
    public static let verifiedName = "verified"

    /// False for an entry whose sender was not authenticated. Such an entry never creates a call and is never
    /// authoritative.
    public var isVerified: Bool {
        get { !values.contains { $0.name == Self.verifiedName && $0.value == .flag(false) } }
        set {
            values.removeAll { $0.name == Self.verifiedName }
            if !newValue { values.append(.init(Self.verifiedName, .flag(false))) }
        }
    }

    /// The values of an entry that hold the monotonic clock's reading.
    private static let uptimeName = "uptime_s"
    private static let bootName = "boot"

    /// What the monotonic clock of the writer's machine read when the entry was made; nil where nobody read it.
    public var uptime: UptimeReading? {
        get { number(Self.uptimeName).map { UptimeReading(seconds: $0, boot: text(Self.bootName) ?? "") } }
        set {
            values.removeAll { $0.name == Self.uptimeName || $0.name == Self.bootName }
            guard let newValue else { return }
            values.append(.init(Self.uptimeName, .number(newValue.seconds)))
            values.append(.init(Self.bootName, .text(newValue.boot)))
        }
    }

    /// The values without the reading of the monotonic clock, which means nothing to people.
    public var printedValues: [Signal.Entry] {
        values.filter { $0.name != Self.uptimeName && $0.name != Self.bootName }
    }

    /// The first value of that name as text; nil where there is none, or where it is no text.
    public func text(_ name: String) -> String? {
        guard case .text(let text)? = values.first(where: { $0.name == name })?.value else { return nil }
        return text
    }

    /// The first value of that name as a number; nil where there is none, or where it is not a number.
    public func number(_ name: String) -> Double? {
        switch values.first(where: { $0.name == name })?.value {
        case .number(let number): number
        case .integer(let integer): Double(integer)
        case .text, .flag, nil: nil
        }
    }

    /// The first value of that name as a flag; nil where there is none, or where it is not a flag.
    public func flag(_ name: String) -> Bool? {
        guard case .flag(let flag)? = values.first(where: { $0.name == name })?.value else { return nil }
        return flag
    }

    /// The entry with its telephone numbers masked. Idempotent.
    public var masked: CallLogEntry {
        var entry = self
        for index in entry.values.indices where Self.numberNames.contains(entry.values[index].name) {
            if case .text(let number) = entry.values[index].value {
                entry.values[index].value = .text(MaskedNumber.text(number))
            }
        }
        return entry
    }
}
