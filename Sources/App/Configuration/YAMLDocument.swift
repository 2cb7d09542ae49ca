package import SidetoneCallControl
package import SidetoneJSON
import Yams

/// YAML as the JSON that it stands for: SWML may be written in either.
package enum YAMLDocument {
    /// - Throws: what JSON has no form for, and what is larger or deeper than `limits`.
    static func json(_ node: Node, limits: DocumentLimits) throws(Diagnostic) -> JSONValue {
        // A value takes a byte of its document at least, unless aliases repeat it without end.
        var room = limits.bytes
        return try json(node, path: JSONPath(), limits: limits, room: &room)
    }

    /// The JSON that a document stands for; what is JSON already, or nothing of either, as it is.
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
                .tooLarge, at: JSONPath(), wrong: "repeats itself by aliases",
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

    /// YAML 1.2 §10.2, the JSON schema: only plain words can be anything but texts.
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
