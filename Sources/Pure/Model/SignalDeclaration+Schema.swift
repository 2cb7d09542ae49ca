public import SidetoneJSON

extension SignalDeclaration {
    /// The CloudEvents types under which it is written.
    public var types: [String] { phases.map { type(in: $0) } }

    private func type(in phase: Signal.Phase) -> String { Signal(name, phase, start: 0).type }

    /// The JSON Schema (draft 2020-12) of its CloudEvents, one for each phase.
    ///
    /// - Returns: nil for a type that is not among `types`.
    public func schema(of type: String) -> JSONValue? {
        guard let phase = phases.first(where: { self.type(in: $0) == type }) else { return nil }
        let properties: [Property] = [
            ("specversion", constant("1.0")),
            (
                "id",
                schemaOf(
                    "string",
                    meaning: "unique among the events of one source: the stream's id and the signal's number",
                    limits: [("minLength", .whole(1))])
            ),
            (
                "source",
                schemaOf("string", limits: [("format", .text("uri-reference")), ("pattern", .text("^/sidetone/"))])
            ),
            ("type", constant(type)),
            ("subject", schemaOf("string", meaning: "the call's id")),
            (
                "time",
                schemaOf(
                    "string", meaning: "of its start when it opens, of its end when it closes",
                    limits: [("format", .text("date-time"))])
            ),
            ("datacontenttype", constant("application/json")),
            ("data", data(in: phase)),
        ]
        let members: [Property] = [
            ("$schema", .text("https://json-schema.org/draft/2020-12/schema")),
            ("$id", .text("/v1/schemas/\(type).json")),
            ("title", .text(type)),
            ("description", .text("\(sentence). \(phase.sentence) A CloudEvents 1.0 event.")),
            ("type", .text("object")),
            ("properties", object(properties)),
            ("required", texts(properties.map(\.name))),
        ]
        return object(members)
    }

    /// The summary up to its first detail, as the beginning of a sentence.
    private var sentence: String {
        let text = summary.prefix { $0 != ";" }
        return text.prefix(1).uppercased() + text.dropFirst()
    }

    private func data(in phase: Signal.Phase) -> JSONValue {
        var properties: [Property] = []
        if subject != .call {
            let track: [Property] = [
                ("enum", texts(TrackRole.allCases.map(\.rawValue))),
                ("description", .text("inbound is what the caller says, outbound what the caller hears")),
            ]
            properties.append(("track", object(track)))
        }
        let start = "where it begins, in seconds on the call clock; may lie before the time of the report"
        properties.append(("start", schemaOf("number", meaning: start)))
        if phase != .started {
            properties.append(("end", schemaOf("number", meaning: "where it ends, in seconds on the call clock")))
        }
        var optional: Set<String> = subject == .either ? ["track"] : []
        for value in values where value.phases.contains(phase) {
            properties.append((value.name, value.schema))
            if value.isOptional { optional.insert(value.name) }
        }
        let members: [Property] = [
            ("type", .text("object")),
            ("properties", object(properties)),
            ("required", texts(properties.map(\.name).filter { !optional.contains($0) })),
            ("additionalProperties", .flag(true)),
        ]
        return object(members)
    }
}

extension SignalDeclaration.Value {
    fileprivate var schema: JSONValue {
        switch type {
        case .text: return schemaOf("string", meaning: meaning)
        case .word(let words): return object([("enum", texts(words)), ("description", .text(meaning))])
        case .number(let range):
            guard let range else { return schemaOf("number", meaning: meaning) }
            let bounds: [Property] = [
                ("minimum", .number(JSONNumber(range.lowerBound))), ("maximum", .number(JSONNumber(range.upperBound))),
            ]
            return schemaOf("number", meaning: meaning, limits: bounds)
        case .integer(let minimum):
            guard let minimum else { return schemaOf("integer", meaning: meaning) }
            return schemaOf("integer", meaning: meaning, limits: [("minimum", .whole(Int(minimum)))])
        }
    }
}

extension Signal.Phase {
    fileprivate var sentence: String {
        switch self {
        case .started: "It has begun."
        case .ended: "It is over."
        case .moment: "Reported once."
        }
    }
}

private typealias Property = (name: String, value: JSONValue)

private func object(_ members: [Property]) -> JSONValue {
    .object(JSONObject(members.map { JSONMember($0.name, $0.value) }))
}

private func texts(_ words: [String]) -> JSONValue { .list(words.map { JSONValue.text($0) }) }

private func constant(_ text: String) -> JSONValue { object([("const", .text(text))]) }

private func schemaOf(_ type: String, meaning: String? = nil, limits: [Property] = []) -> JSONValue {
    var members: [Property] = [("type", .text(type))]
    members += limits
    if let meaning { members.append(("description", .text(meaning))) }
    return object(members)
}
