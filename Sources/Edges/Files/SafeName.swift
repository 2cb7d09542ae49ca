/// Makes one path component out of any text.
package enum SafeName {
    /// For ids that strangers chose: `[A-Za-z0-9_-]{1,128}` stays as it is, anything else becomes `x` and the first
    /// 128 bits of its SHA-256 in hexadecimal.
    package static func component(_ text: String) -> String {
        let isSafe = (1...128).contains(text.utf8.count) && text.utf8.allSatisfy(isAllowed)
        return isSafe ? text : hash(text)
    }

    /// For names of inputs, which stood on a file system before: kept, with their spaces and dots and letters, unless
    /// they could mean another place, hide, be taken for an option, or break a line; then as `component`.
    package static func inputName(_ text: String) -> String { isComponent(text) ? text : hash(text) }

    /// Whether a text names one file inside its folder and nothing else.
    static func isComponent(_ text: String) -> Bool {
        guard (1...200).contains(text.utf8.count), let first = text.unicodeScalars.first else { return false }
        if first == "." || first == "-" || first == " " { return false }
        return text.unicodeScalars.allSatisfy { scalar in
            scalar != "/" && scalar != "\\" && !scalar.properties.isDefaultIgnorableCodePoint
                && scalar.properties.generalCategory != .control
                && scalar.properties.generalCategory != .format
                && scalar.properties.generalCategory != .lineSeparator
                && scalar.properties.generalCategory != .paragraphSeparator
        }
    }

    private static func hash(_ text: String) -> String { "x" + SHA256.hex(Array(text.utf8)).prefix(32) }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
