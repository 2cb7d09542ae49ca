/// Makes a path component from any text.
package enum SafeName {
    /// For untrusted ids: `[A-Za-z0-9_-]{1,128}` is kept. Anything else becomes its leading allowed characters, for
    /// readability, and the first 128 bits of its SHA-256 in hexadecimal: `call_20260304T091507.000000001` becomes
    /// `call_20260304T091507-` and 32 digits. An id that looks like such a name is hashed too, so that no id can select
    /// the folder of another one.
    package static func component(_ text: String) -> String {
        let isSafe = (1...128).contains(text.utf8.count) && text.utf8.allSatisfy(isAllowed) && !isHashed(text)
        return isSafe ? text : hashed(text)
    }

    /// For names of inputs, which come from a file system: kept with their spaces, dots and letters, unless they could
    /// refer to another folder, be hidden, be read as an option, or break a line; then as `component`.
    package static func inputName(_ text: String) -> String { isComponent(text) ? text : hashed(text) }

    /// Whether a text is a plain name of one file inside its folder.
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

    /// Characters kept for readability, and digits of the hash.
    private static let (shown, digits) = (48, 32)

    private static func hashed(_ text: String) -> String {
        let bytes = text.utf8.prefix { isAllowed($0) }.prefix(shown)
        let start = bytes.isEmpty || bytes.first == UInt8(ascii: "-") ? "x" : String(decoding: bytes, as: UTF8.self)
        return "\(start)-\(SHA256.hex(Array(text.utf8)).prefix(digits))"
    }

    /// Whether a name looks like a hashed id.
    static func isHashed(_ text: String) -> Bool {
        text.utf8.count > digits + 1 && text.utf8.dropLast(digits).last == UInt8(ascii: "-")
            && text.utf8.suffix(digits).allSatisfy { "0123456789abcdef".utf8.contains($0) }
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
