extension FieldReader {
    /// The fields of a platform's message, which must be one JSON object.
    package static func message(_ bytes: [UInt8]) throws(Findings) -> FieldReader {
        var findings = Findings()
        let value = JSONReader.read(bytes, into: &findings)
        guard case .object(let object)? = value, findings.isEmpty else {
            if findings.isEmpty {
                findings.add(
                    Finding(
                        .wrongType, JSONPath(), "is \(value?.kind ?? "nothing")", allowed: "an object",
                        "send the message as one JSON object"))
            }
            throw findings
        }
        return FieldReader(object, .message)
    }
}
