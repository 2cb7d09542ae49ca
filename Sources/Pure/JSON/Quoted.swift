/// Quotes untrusted words for messages.
package enum Quoted {
    /// In quotation marks, control characters escaped, cut to 64 characters.
    package static func name(_ word: String) -> String {
        let cut = word.unicodeScalars.prefix(65)
        var kept = ""
        kept.unicodeScalars.append(contentsOf: cut.prefix(64))
        let safe = String(decoding: JSONEscape.escaped(kept, isASCII: true), as: UTF8.self)
        return cut.count > 64 ? "\"\(safe)…\"" : "\"\(safe)\""
    }
}
