/// Writes metrics in Prometheus' text format 0.0.4.
struct MetricsText {
    enum Kind: String { case counter, gauge, histogram }

    private(set) var text = ""

    /// Starts a metric family; its samples follow.
    mutating func family(_ name: String, kind: Kind, help: String) {
        text += "# HELP \(name) \(Self.escaped(help, quotes: false))\n# TYPE \(name) \(kind.rawValue)\n"
    }

    mutating func sample(_ name: String, labels: [(String, String)] = [], value: Double) {
        text += name
        if !labels.isEmpty {
            text += "{" + labels.map { "\($0.0)=\"\(Self.escaped($0.1, quotes: true))\"" }.joined(separator: ",") + "}"
        }
        text += " \(Self.number(value))\n"
    }

    /// A family with one sample.
    mutating func metric(_ name: String, kind: Kind, help: String, value: Double) {
        family(name, kind: kind, help: help)
        sample(name, labels: [], value: value)
    }

    /// A family with one sample per label value; omitted if there are none.
    mutating func metrics(_ name: String, kind: Kind, help: String, by label: String, values: [String: Double]) {
        guard !values.isEmpty else { return }
        family(name, kind: kind, help: help)
        for (value, number) in values.sorted(by: { $0.key < $1.key }) {
            sample(name, labels: [(label, value)], value: number)
        }
    }

    /// - Parameters:
    ///   - bounds: the bounds of the buckets, ascending.
    ///   - counts: the number of values at most as large as each bound.
    mutating func histogram(
        _ name: String, labels: [(String, String)] = [], bounds: [Double], counts: [Int], count: Int, sum: Double
    ) {
        for (bound, number) in zip(bounds, counts) {
            sample("\(name)_bucket", labels: labels + [("le", Self.number(bound))], value: Double(number))
        }
        sample("\(name)_bucket", labels: labels + [("le", "+Inf")], value: Double(count))
        sample("\(name)_sum", labels: labels, value: sum)
        sample("\(name)_count", labels: labels, value: Double(count))
    }

    private static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        return value == value.rounded() && abs(value) < 1e15 ? "\(Int64(value))" : "\(value)"
    }

    private static func escaped(_ text: String, quotes: Bool) -> String {
        var escaped = ""
        for character in text.unicodeScalars {
            switch character {
            case "\\": escaped += "\\\\"
            case "\n": escaped += "\\n"
            case "\"" where quotes: escaped += "\\\""
            default: escaped.unicodeScalars.append(character)
            }
        }
        return escaped
    }
}
