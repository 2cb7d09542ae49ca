import SidetoneJSON

/// A value as a pipeline file or a command line gives it.
public enum SettingValue: Sendable, Hashable, CustomStringConvertible {
    case integer(Int)
    case number(Double)
    case flag(Bool)
    case text(String)
    case list([SettingValue])

    public var description: String {
        switch self {
        case .integer(let value): "\(value)"
        case .number(let value): "\(value)"
        case .flag(let value): "\(value)"
        case .text(let value): "\"\(value)\""
        case .list(let values): "[\(values.map(\.description).joined(separator: ", "))]"
        }
    }
}

/// One setting of a component; name, default, range and summary are declared once.
///
/// The same declaration reads and validates pipeline files and prints the documentation of `sidetone describe`.
public struct Setting<Root: Sendable>: Sendable {
    public let name: String
    /// What it does, in one line.
    public let summary: String
    /// The allowed values, as text: `10…500`, `a file`, `one of auto, twilio`.
    public let allowed: String
    /// The default, as text; empty for a required setting.
    public let standard: @Sendable (Root) -> String
    /// Stores the value, or returns the problem with it: `is 5; expected 10…500`.
    public let apply: @Sendable (SettingValue, inout Root) -> String?

    public init(
        name: String, summary: String, allowed: String, standard: @escaping @Sendable (Root) -> String,
        apply: @escaping @Sendable (SettingValue, inout Root) -> String?
    ) {
        self.name = name
        self.summary = summary
        self.allowed = allowed
        self.standard = standard
        self.apply = apply
    }
}

extension Setting {
    /// A whole number within a range.
    public init(
        _ name: String, _ path: any WritableKeyPath<Root, Int> & Sendable, in range: ClosedRange<Int>, _ summary: String
    ) {
        let allowed = "\(range.lowerBound)…\(range.upperBound)"
        self.init(name: name, summary: summary, allowed: allowed, standard: { "\($0[keyPath: path])" }) { value, root in
            guard case .integer(let number) = value else { return "is \(value); expected a whole number, \(allowed)" }
            guard range.contains(number) else { return "is \(number); expected \(allowed)" }
            root[keyPath: path] = number
            return nil
        }
    }

    /// A number within a range.
    public init(
        _ name: String, _ path: any WritableKeyPath<Root, Double> & Sendable, in range: ClosedRange<Double>,
        _ summary: String
    ) {
        let allowed = "\(range.lowerBound)…\(range.upperBound)"
        self.init(name: name, summary: summary, allowed: allowed, standard: { "\($0[keyPath: path])" }) { value, root in
            let number: Double
            switch value {
            case .integer(let whole): number = Double(whole)
            case .number(let decimal): number = decimal
            default: return "is \(value); expected a number, \(allowed)"
            }
            guard range.contains(number) else { return "is \(value); expected \(allowed)" }
            root[keyPath: path] = number
            return nil
        }
    }

    /// A flag.
    public init(_ name: String, _ path: any WritableKeyPath<Root, Bool> & Sendable, _ summary: String) {
        self.init(name: name, summary: summary, allowed: "true or false", standard: { "\($0[keyPath: path])" }) {
            value, root in
            guard case .flag(let flag) = value else { return "is \(value); expected true or false" }
            root[keyPath: path] = flag
            return nil
        }
    }

    /// Free text: a path, an address.
    public init(
        _ name: String, _ path: any WritableKeyPath<Root, String> & Sendable, _ allowed: String, _ summary: String
    ) {
        self.init(name: name, summary: summary, allowed: allowed, standard: { $0[keyPath: path] }) { value, root in
            guard case .text(let text) = value, !text.isEmpty else { return "is \(value); expected \(allowed)" }
            root[keyPath: path] = text
            return nil
        }
    }

    /// One of several words.
    public init(
        _ name: String, _ path: any WritableKeyPath<Root, String> & Sendable, oneOf words: [String], _ summary: String
    ) {
        let allowed = "one of \(words.joined(separator: ", "))"
        self.init(name: name, summary: summary, allowed: allowed, standard: { $0[keyPath: path] }) { value, root in
            guard case .text(let text) = value else { return "is \(value); expected \(allowed)" }
            guard words.contains(text) else { return "is \(value); \(nearest(text, in: words, allowed: allowed))" }
            root[keyPath: path] = text
            return nil
        }
    }

    /// A list of texts of the same form, in lower case, without duplicates.
    ///
    /// - Parameter isRight: whether a text has that form.
    public init(
        textList name: String, _ path: any WritableKeyPath<Root, [String]> & Sendable, _ allowed: String,
        _ summary: String, isRight: @escaping @Sendable (String) -> Bool
    ) {
        self.init(
            name: name, summary: summary, allowed: allowed,
            standard: { "[\($0[keyPath: path].joined(separator: ", "))]" }
        ) { value, root in
            guard case .list(let items) = value else { return "is \(value); expected \(allowed)" }
            var texts: [String] = []
            for item in items {
                guard case .text(let text) = item, isRight(text.lowercased()) else {
                    return "holds \(item); expected \(allowed)"
                }
                guard !texts.contains(text.lowercased()) else { return "names \"\(text)\" twice" }
                texts.append(text.lowercased())
            }
            root[keyPath: path] = texts
            return nil
        }
    }

    /// A list of words from a fixed set, without duplicates.
    public init(
        _ name: String, _ path: any WritableKeyPath<Root, [String]> & Sendable, among words: [String], _ summary: String
    ) {
        let allowed = "a list of \(words.joined(separator: ", "))"
        self.init(
            name: name, summary: summary, allowed: allowed,
            standard: { "[\($0[keyPath: path].joined(separator: ", "))]" }
        ) { value, root in
            guard case .list(let items) = value else { return "is \(value); expected \(allowed)" }
            var chosen: [String] = []
            for item in items {
                guard case .text(let text) = item else { return "holds \(item); expected \(allowed)" }
                guard words.contains(text) else {
                    return "holds \(item); \(nearest(text, in: words, allowed: allowed))"
                }
                guard !chosen.contains(text) else { return "names \"\(text)\" twice" }
                chosen.append(text)
            }
            root[keyPath: path] = chosen
            return nil
        }
    }
}

private func nearest(_ word: String, in words: [String], allowed: String) -> String {
    guard let question = NearestWord.question(word, in: words) else { return "expected \(allowed)" }
    return "\(question) Expected \(allowed)"
}
