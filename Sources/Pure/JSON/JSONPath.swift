/// The path of a value in a JSON document: `actions[2].start_stream.track`.
public struct JSONPath: Sendable, Hashable, CustomStringConvertible {
    public enum Step: Sendable, Hashable {
        case member(String)
        case item(Int)
    }

    public var steps: [Step]

    public init(_ steps: [Step] = []) { self.steps = steps }

    public func member(_ name: String) -> JSONPath { JSONPath(steps + [.member(name)]) }
    public func item(_ index: Int) -> JSONPath { JSONPath(steps + [.item(index)]) }

    /// Empty for the document itself. A name that is not a plain word is written in brackets, escaped and cut to 64
    /// characters.
    public var description: String {
        var text = ""
        for step in steps {
            switch step {
            case .item(let index): text += "[\(index)]"
            case .member(let name) where Self.isPlain(name): text += text.isEmpty ? name : ".\(name)"
            case .member(let name): text += "[\(Quoted.name(name))]"
            }
        }
        return text
    }

    private static func isPlain(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= 64
            && name.utf8.allSatisfy { $0 == 0x5F || $0 == 0x2D || isASCIILetter($0) || isASCIIDigit($0) }
    }
}
