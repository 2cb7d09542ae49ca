extension FieldReader {
    /// The fields of a platform's message, which must be one JSON object.
    package static func message(_ bytes: [UInt8]) throws(Diagnostics) -> FieldReader {
        var diagnostics = Diagnostics()
        let value = JSONReader.read(bytes, into: &diagnostics)
        guard case .object(let object)? = value, diagnostics.isEmpty else {
            if diagnostics.isEmpty {
                diagnostics.add(
                    Diagnostic(
                        .wrongType, at: JSONPath(), wrong: "is \(value?.kind ?? "nothing")", allowed: "an object",
                        remedy: "send the message as one JSON object"))
            }
            throw diagnostics
        }
        return FieldReader(object, .message)
    }
}
