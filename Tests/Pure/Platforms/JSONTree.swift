import Foundation
import SidetoneModel

/// A JSON value that is changed and written again in another of the ways that JSON allows.
indirect enum JSONTree: Decodable, Hashable, Sendable {
    case null
    case flag(Bool)
    /// As it is written.
    case number(String)
    case text(String)
    case list([JSONTree])
    case object([String: JSONTree])

    private struct Key: CodingKey {
        var stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    init(from decoder: any Decoder) throws {
        if let object = try? decoder.container(keyedBy: Key.self) {
            self = .object(
                try Dictionary(
                    uniqueKeysWithValues: object.allKeys.map {
                        ($0.stringValue, try object.decode(JSONTree.self, forKey: $0))
                    }))
            return
        }
        let value = try decoder.singleValueContainer()
        if let list = try? value.decode([JSONTree].self) {
            self = .list(list)
        } else if let text = try? value.decode(String.self) {
            self = .text(text)
        } else if let flag = try? value.decode(Bool.self) {
            self = .flag(flag)
        } else if let number = try? value.decode(Int.self) {
            self = .number("\(number)")
        } else if let number = try? value.decode(Double.self) {
            self = .number("\(number)")
        } else {
            self = .null
        }
    }

    /// The paths to all values that are neither objects nor lists.
    var leaves: [[String]] {
        guard case .object(let members) = self else { return [[]] }
        return members.keys.sorted().flatMap { key in members[key]?.leaves.map { [key] + $0 } ?? [] }
    }

    subscript(path: some Collection<String>) -> JSONTree {
        get {
            guard let first = path.first else { return self }
            guard case .object(let members) = self else { return .null }
            return members[first]?[path.dropFirst()] ?? .null
        }
        set {
            guard let first = path.first, case .object(var members) = self else {
                self = newValue
                return
            }
            var child = members[first] ?? .object([:])
            child[path.dropFirst()] = newValue
            members[first] = child
            self = .object(members)
        }
    }

    /// Writes it in any order, with any escapes and any space.
    ///
    /// - Parameter repeated: a member of chance that objects get twice, where there is one.
    func text(using random: inout SplitMix64) -> String {
        switch self {
        case .null: return "null"
        case .flag(let flag): return "\(flag)"
        case .number(let literal): return literal
        case .text(let text): return Self.quoted(text, using: &random)
        case .list(let items):
            var parts: [String] = []
            for item in items { parts.append(Self.spaced(item.text(using: &random), using: &random)) }
            return "[" + (parts.isEmpty ? Self.space(using: &random) : parts.joined(separator: ",")) + "]"
        case .object(let members):
            var parts: [String] = []
            for (name, value) in members.sorted(by: { $0.key < $1.key }).shuffled(using: &random) {
                let key = Self.spaced(Self.quoted(name, using: &random), using: &random)
                parts.append(key + ":" + Self.spaced(value.text(using: &random), using: &random))
            }
            return "{" + (parts.isEmpty ? Self.space(using: &random) : parts.joined(separator: ",")) + "}"
        }
    }

    private static func space(using random: inout SplitMix64) -> String {
        guard Int.random(in: 0..<4, using: &random) == 0 else { return "" }
        return (0..<Int.random(in: 1...3, using: &random)).map { _ in
            [" ", "\n", "\r", "\t"].randomElement(using: &random) ?? " "
        }.joined()
    }

    private static func spaced(_ text: String, using random: inout SplitMix64) -> String {
        space(using: &random) + text + space(using: &random)
    }

    private static func quoted(_ text: String, using random: inout SplitMix64) -> String {
        // Some writers escape nothing that they need not, some this and that, some everything.
        let share = [0, 0, 3, 100].randomElement(using: &random) ?? 0
        var quoted = "\""
        for scalar in text.unicodeScalars {
            let short: [Unicode.Scalar: String] = [
                "\"": "\\\"", "\\": "\\\\", "/": "\\/", "\u{8}": "\\b", "\u{C}": "\\f", "\n": "\\n", "\r": "\\r",
                "\t": "\\t",
            ]
            let mustEscape = scalar == "\"" || scalar == "\\" || scalar.value < 0x20
            guard mustEscape || Int.random(in: 0..<100, using: &random) < share else {
                quoted.unicodeScalars.append(scalar)
                continue
            }
            if let short = short[scalar], Bool.random(using: &random) {
                quoted += short
                continue
            }
            for unit in String(scalar).utf16 {
                let hex = String(unit, radix: 16, uppercase: Bool.random(using: &random))
                quoted += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            }
        }
        return quoted + "\""
    }
}
