import SidetoneJSON
public import SidetoneModel

/// The settings of the `signal` stage: one flat list of the options of all signals.
public struct SignalSettings: Sendable, Equatable {
    /// The explicitly set values, by name; each has been validated.
    private var given: [String: SettingValue] = [:]

    public init() {}

    /// All options, for validation and documentation: those of the call clock and of the media first, then those of
    /// each signal.
    public static let fields: [Setting<Self>] =
        lifted(CallClockOptions.self) + lifted(MediaOptions.self) + SignalCatalog.all.flatMap { fields(of: $0) }

    /// The options of one signal.
    public static func fields(of signal: any CallSignal.Type) -> [Setting<Self>] {
        func open<Kind: CallSignal>(_ kind: Kind.Type) -> [Setting<Self>] { lifted(Kind.Options.self) }
        return open(signal)
    }

    /// Applies all valid entries.
    ///
    /// - Returns: one sentence per invalid entry, in the order of the entries.
    public mutating func apply(_ entries: [(name: String, value: SettingValue)]) -> [String] {
        var problems: [String] = []
        for entry in entries {
            guard let field = Self.fields.first(where: { $0.name == entry.name }) else {
                let match = NearestWord.of(entry.name, in: Self.fields.map(\.name))
                let hint = match.map { "did you mean \($0)?" } ?? "sidetone describe lists the options of all signals"
                problems.append("\(entry.name) is not an option of a signal; \(hint)")
                continue
            }
            if let problem = field.apply(entry.value, &self) { problems.append("\(entry.name) \(problem)") }
        }
        return problems
    }

    /// The options of one signal: its defaults with the values that were set.
    public func options<Options: SignalOptions>(_ type: Options.Type = Options.self) -> Options {
        var options = Options()
        for field in Options.fields {
            if let value = given[field.name] { _ = field.apply(value, &options) }
        }
        return options
    }

    private static func lifted<Options: SignalOptions>(_ type: Options.Type) -> [Setting<Self>] {
        Options.fields.map { field in
            Setting(
                name: field.name, summary: field.summary, allowed: field.allowed,
                standard: { field.standard($0.options(Options.self)) },
                apply: { value, settings in
                    var options = settings.options(Options.self)
                    if let problem = field.apply(value, &options) { return problem }
                    settings.given[field.name] = value
                    return nil
                })
        }
    }
}
