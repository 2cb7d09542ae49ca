/// What one kind of signal looks like from outside. Its JSON Schema, the list of alerts and the marks of the dashboard
/// derive from it.
public struct SignalDeclaration: Sendable, Hashable {
    public enum Form: Sendable, Hashable {
        /// Reported when it opens, with its start, and when it closes, with both times.
        case interval
        /// Reported once, with both times.
        case moment
    }

    /// What it is about.
    public enum Subject: Sendable, Hashable {
        case track
        case call
        /// A track, or the call as a whole.
        case either
    }

    public enum Severity: String, Sendable, Hashable, CaseIterable { case warn, alert }

    /// When it calls for somebody's attention.
    public enum AlertPolicy: Sendable, Hashable {
        case always(Severity)
        /// Its value `severity` says so, from this one on.
        case reported(from: Severity)
    }

    public var name: String
    /// In one line; what follows a semicolon is detail.
    public var summary: String
    public var form: Form
    public var subject: Subject
    /// In the order in which they are written.
    public var values: [Value]
    /// Nil for what is only information.
    public var alertPolicy: AlertPolicy?

    public init(
        _ name: String, _ summary: String, form: Form, subject: Subject = .track, values: [Value] = [],
        alertPolicy: AlertPolicy? = nil
    ) {
        self.name = name
        self.summary = summary
        self.form = form
        self.subject = subject
        self.values = values
        self.alertPolicy = alertPolicy
    }

    /// The phases in which it is reported.
    public var phases: [Signal.Phase] { form == .moment ? [.moment] : [.started, .ended] }

    /// An interval that calls for attention as long as it lasts.
    public var isAlert: Bool { form == .interval && alertPolicy != nil }

    /// The severity that a signal of this kind has; nil where it is only information.
    public func severity(of signal: Signal) -> Severity? {
        switch alertPolicy {
        case nil: return nil
        case .always(let severity): return severity
        case .reported(let least):
            guard case .text(let word)? = signal.values.first(where: { $0.name == "severity" })?.value,
                let severity = Severity(rawValue: word)
            else { return least == .warn ? .warn : nil }
            return least == .alert && severity == .warn ? nil : severity
        }
    }

    /// How a signal breaks its declaration, as a sentence; nil where it does not.
    public func breach(by signal: Signal) -> String? {
        guard phases.contains(signal.phase) else { return "\(name) is not reported as \(signal.phase)" }
        if subject == .track, signal.track == nil { return "\(name) names no track" }
        if subject == .call, signal.track != nil { return "\(name) is not about a track" }
        for entry in signal.values {
            guard let value = values.first(where: { $0.name == entry.name && $0.phases.contains(signal.phase) }) else {
                return "\(name) \(signal.phase) does not declare \(entry.name)"
            }
            if !value.type.accepts(entry.value) { return "\(name) has \(entry.name) = \(entry.value)" }
        }
        for value in values where !value.isOptional && value.phases.contains(signal.phase) {
            if !signal.values.contains(where: { $0.name == value.name }) {
                return "\(name) \(signal.phase) lacks \(value.name)"
            }
        }
        return nil
    }
}

extension SignalDeclaration {
    /// One value of a signal.
    public struct Value: Sendable, Hashable {
        public enum Kind: Sendable, Hashable {
            case text
            /// One of several words.
            case word([String])
            /// - Parameter range: nil where any finite number may be.
            case number(ClosedRange<Double>? = nil)
            /// - Parameter minimum: nil where any may be.
            case integer(minimum: Int64? = nil)

            /// Whether a value has this type and lies in its range.
            public func accepts(_ value: Signal.Value) -> Bool {
                switch (self, value) {
                case (.text, .text): true
                case (.word(let words), .text(let word)): words.contains(word)
                case (.number(let range), .number(let number)): range?.contains(number) ?? number.isFinite
                case (.integer(let minimum), .integer(let integer)): minimum.map { integer >= $0 } ?? true
                default: false
                }
            }
        }

        public var name: String
        public var type: Kind
        /// What it is, with its unit.
        public var meaning: String
        /// The phases that carry it.
        public var phases: Set<Signal.Phase>
        public var isOptional: Bool

        public init(
            _ name: String, _ type: Kind, _ meaning: String,
            in phases: Set<Signal.Phase> = [.started, .ended, .moment], isOptional: Bool = false
        ) {
            self.name = name
            self.type = type
            self.meaning = meaning
            self.phases = phases
            self.isOptional = isOptional
        }

        /// How grave an escalating interval is.
        public static let severity = Value(
            "severity", .word(Severity.allCases.map(\.rawValue)), "warn first, alert when it continues")
    }
}
