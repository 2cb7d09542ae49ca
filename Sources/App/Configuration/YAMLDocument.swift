import SidetoneCallControl
package import SidetoneJSON
import Yams

/// Converts YAML to the equivalent JSON: SWML may be written in either.
package enum YAMLDocument {
    /// - Throws: for YAML that JSON cannot represent, or that exceeds `limits`.
    static func json(_ node: Node, limits: DocumentLimits) throws(Diagnostic) -> JSONValue {
        // Every value takes at least one byte of its document, unless aliases repeat it.
        var room = limits.bytes
        return try json(node, path: JSONPath(), limits: limits, room: &room)
    }

    /// The equivalent JSON; bytes that are JSON already, or neither, are returned unchanged.
    package static func bytes(of document: [UInt8], limits: DocumentLimits = .standard) -> [UInt8] {
        guard document.count <= limits.bytes, !FileCheck.beginsAsJSON(document),
            let node = try? Yams.compose(yaml: String(decoding: document, as: UTF8.self)), node.mapping != nil,
            let value = try? json(node, limits: limits)
        else { return document }
        return JSONWriter.bytes(of: value)
    }

    private static func json(
        _ node: Node, path: JSONPath, limits: DocumentLimits, room: inout Int
    ) throws(Diagnostic) -> JSONValue {
        room -= 1
        guard room >= 0 else {
            throw Diagnostic(
                .tooLarge, at: JSONPath(), wrong: "is expanded by aliases beyond the limit",
                allowed: "at most \(limits.bytes) values", remedy: "write it out, or split it")
        }
        guard path.steps.count <= limits.depth else {
            throw Diagnostic(
                .tooDeep, at: JSONPath(), wrong: "nests deeper than \(limits.depth) at line \(line(node))",
                allowed: "at most \(limits.depth) levels", remedy: "flatten it; no documented field needs more")
        }
        switch node {
        case .scalar(let scalar): return value(scalar)
        case .sequence(let sequence):
            var items: [JSONValue] = []
            for item in sequence {
                items.append(try json(item, path: path.item(items.count), limits: limits, room: &room))
            }
            return .list(items)
        case .mapping(let mapping):
            var object = JSONObject()
            for (key, value) in mapping {
                guard let name = key.scalar?.string else {
                    throw Diagnostic(
                        .malformed, at: path, wrong: "has a name that is not text at line \(line(key))",
                        allowed: "name: value",
                        remedy: "write the name as a word")
                }
                object.members.append(
                    JSONMember(name, try json(value, path: path.member(name), limits: limits, room: &room)))
            }
            return .object(object)
        case .alias:
            throw Diagnostic(
                .malformed, at: path, wrong: "is an alias at line \(line(node))", allowed: "a value",
                remedy: "write the value out")
        }
    }

    /// YAML 1.2 §10.2, the JSON schema: only plain scalars can be anything but texts.
    private static func value(_ scalar: Node.Scalar) -> JSONValue {
        guard scalar.style == .any || scalar.style == .plain else { return .text(scalar.string) }
        switch scalar.string {
        case "true": return .flag(true)
        case "false": return .flag(false)
        case "", "~", "null": return .null
        default: break
        }
        if let whole = Int(scalar.string) { return .whole(whole) }
        if let number = Double(scalar.string), number.isFinite { return .number(JSONNumber(number)) }
        return .text(scalar.string)
    }

    private static func line(_ node: Node) -> Int { node.mark?.line ?? 1 }
}
