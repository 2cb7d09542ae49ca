import Foundation

/// How functions and types are declared: labels of parameters, access, and the words of names.
enum DeclarationRules {
    /// A function or initializer with its parameters, as it is written.
    struct Function: Equatable {
        var path: String
        var name: String
        /// The first words of each parameter, such as `_ value: Int`.
        var parameters: [String]

        /// Parameters that a call does not name.
        var unlabelled: Int { parameters.count { $0.hasPrefix("_ ") } }
    }

    /// The functions and initializers that a file declares. Operators, whose operands have no labels, are left out.
    static func functions(in file: SourceFile) -> [Function] {
        let text = Array(file.code.utf8)
        return starts(in: text).compactMap { start -> Function? in
            var index = start.end
            // `<T: Sendable>` before the parameters.
            if index < text.count, text[index] == UInt8(ascii: "<") { index = closing(text, from: index) + 1 }
            guard index < text.count, text[index] == UInt8(ascii: "(") else { return nil }
            let end = closing(text, from: index)
            guard end > index else { return nil }
            return Function(
                path: file.path, name: start.name, parameters: parameters(Array(text[(index + 1)..<end])))
        }
    }

    /// `name(_:_:)` of every function with two or more unlabelled parameters.
    static func unlabelled(_ functions: [Function]) -> [String] {
        functions.filter { $0.unlabelled >= 2 }.map {
            "\($0.path): \($0.name)(\($0.parameters.joined(separator: ", ")))"
        }
    }

    /// Declarations that are `public` outside the layer whose modules are libraries.
    static func publicNames(in file: SourceFile) -> [String] {
        guard file.path.hasPrefix("Sources/"), !file.path.hasPrefix("Sources/Pure/") else { return [] }
        return file.code.split(separator: "\n").filter { line in
            let words = line.split(separator: " ")
            // `open = []` is a variable of that name.
            return words.count > 1 && ["public", "open"].contains(String(words[0])) && words[1] != "="
        }.map { "\(file.path): \($0.drop { $0 == " " })" }
    }

    /// Types and functions named with one of the given words.
    ///
    /// - Parameter banned: whole names, compared exactly.
    static func names(in file: SourceFile, among banned: Set<String>) -> [String] {
        let declaring: Set<String> = [
            "struct", "class", "enum", "actor", "protocol", "typealias", "func", "case", "associatedtype",
        ]
        return file.code.split(separator: "\n").flatMap { line -> [String] in
            let words = line.split { !($0.isLetter || $0.isNumber || $0 == "_") }.map(String.init)
            return zip(words, words.dropFirst()).filter { declaring.contains($0) && banned.contains($1) }
                .map { "\(file.path): \($0) \($1)" }
        }
    }

    // MARK: Reading declarations

    private static func starts(in text: [UInt8]) -> [(name: String, end: Int)] {
        var found: [(name: String, end: Int)] = []
        var index = 0
        while index < text.count {
            let start = index
            while index < text.count, isName(text[index]) { index += 1 }
            guard index > start else {
                index += 1
                continue
            }
            let word = String(decoding: text[start..<index], as: UTF8.self)
            // `self.init(…)` and `.init(…)` are calls.
            let isMember = start > 0 && text[start - 1] == UInt8(ascii: ".")
            if word == "init", !isMember {
                if index < text.count, text[index] == UInt8(ascii: "?") { index += 1 }
                found.append(("init", index))
            } else if word == "func" {
                while index < text.count, text[index] == UInt8(ascii: " ") { index += 1 }
                let name = index
                while index < text.count, isName(text[index]) || text[index] == UInt8(ascii: "`") { index += 1 }
                if index > name { found.append((String(decoding: text[name..<index], as: UTF8.self), index)) }
            }
        }
        return found
    }

    private static func isName(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
            || byte == UInt8(ascii: "_")
    }

    /// The index of the bracket that closes the one at `start`.
    private static func closing(_ text: [UInt8], from start: Int) -> Int {
        var depth = 0
        for index in start..<text.count {
            depth += change(text, at: index)
            if depth == 0 { return index }
        }
        return start
    }

    /// What a byte does to the depth of brackets; the arrow's `>` is none.
    private static func change(_ text: [UInt8], at index: Int) -> Int {
        switch text[index] {
        case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"), UInt8(ascii: "<"): 1
        case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"): -1
        case UInt8(ascii: ">"): index > 0 && text[index - 1] == UInt8(ascii: "-") ? 0 : -1
        default: 0
        }
    }

    private static func parameters(_ text: [UInt8]) -> [String] {
        var parts: [[UInt8]] = [[]]
        var depth = 0
        for index in text.indices {
            depth += change(text, at: index)
            if depth == 0, text[index] == UInt8(ascii: ",") {
                parts.append([])
            } else {
                parts[parts.count - 1].append(text[index])
            }
        }
        return parts.map { part in
            String(decoding: part, as: UTF8.self).split { $0.isWhitespace }.joined(separator: " ")
        }.filter { !$0.isEmpty }
    }
}
