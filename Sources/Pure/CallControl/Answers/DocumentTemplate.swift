public import SidetoneJSON

/// A document with placeholders, such as `{{stream_url}}` and `{{token}}`, inside its texts. They are replaced after
/// the JSON is parsed, so that no value can end its text or add a key. Values are not searched for placeholders again.
public struct DocumentTemplate: Sendable, Hashable {
    let value: JSONValue
    private let limits: DocumentLimits

    /// - Throws: the problem of the JSON. The document itself is validated when it is filled.
    public init(_ bytes: [UInt8], limits: DocumentLimits = .standard) throws(Diagnostics) {
        var diagnostics = Diagnostics()
        let value = JSONReader.read(bytes, limits: limits, into: &diagnostics)
        guard let value, diagnostics.isEmpty else { throw diagnostics }
        self.value = value
        self.limits = limits
    }

    /// Fills the placeholders and validates the resulting document.
    ///
    /// - Parameter token: returns a new value for each `{{token}}`, because a token admits one stream; nil if there is
    ///   none.
    /// - Throws: every placeholder without a value, or every problem of the filled document.
    public func document(
        filling values: [String: String], token: (() -> String)? = nil
    ) throws(Diagnostics) -> CallDocument {
        var diagnostics = Diagnostics()
        let filled = value.changingTexts { fill($0, at: $1, with: values, token: token, into: &diagnostics) }
        guard diagnostics.isEmpty else { throw diagnostics }
        let document = CallDocument.read(filled, limits: limits, into: &diagnostics)
        guard let document, diagnostics.isEmpty else { throw diagnostics }
        return document
    }

    private func fill(
        _ text: String, at path: JSONPath, with values: [String: String], token: (() -> String)?,
        into diagnostics: inout Diagnostics
    ) -> String {
        var pieces = text[...]
        var filled = ""
        while let opening = Self.path(of: "{{", in: pieces) {
            filled += pieces[..<opening.lowerBound]
            guard let closing = Self.path(of: "}}", in: pieces[opening.upperBound...]) else {
                pieces = pieces[opening.lowerBound...]
                break
            }
            let inside = pieces[opening.upperBound..<closing.lowerBound]
            let name = String(inside.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
            pieces = pieces[closing.upperBound...]
            if let value = values[name] ?? (name == "token" ? token?() : nil) {
                filled += value
                continue
            }
            guard !diagnostics.isFull else {
                diagnostics.omit()
                continue
            }
            let names = (values.keys + (token == nil ? [] : ["token"])).sorted()
            let remedy = NearestWord.of(name, in: names).map { "did you mean {{\($0)}}?" } ?? "set its value"
            diagnostics.add(
                Diagnostic(
                    .notAllowed, at: path, wrong: "has the unknown placeholder \(Quoted.name(name))",
                    allowed: names.isEmpty ? "no placeholder" : names.map { "{{\($0)}}" }.joined(separator: ", "),
                    remedy: remedy))
        }
        return filled + pieces
    }

    private static func path(of pair: String, in text: Substring) -> Range<Substring.Index>? {
        let bytes = text.utf8
        let brace = Array(pair.utf8)
        var index = bytes.startIndex
        while let first = bytes[index...].firstIndex(of: brace[0]) {
            let second = bytes.index(after: first)
            if second < bytes.endIndex, bytes[second] == brace[1] { return first..<bytes.index(after: second) }
            index = second
        }
        return nil
    }
}
