public import SidetoneJSON

extension TextRule {
    /// The URL of a stream. RFC 6455 §3: without credentials and fragment.
    public static let webSocketURL = TextRule("a wss:// URL") { text in
        webProblem(text, schemes: ["wss"], remedy: "serve the stream over TLS and write wss://…")
    }

    /// The URL of a document or a callback.
    public static let webURL = TextRule("an http:// or https:// URL") { text in
        webProblem(text, schemes: ["https", "http"], remedy: "write https://…")
    }

    /// ITU-T E.164: `+`, then up to 15 digits, the first not 0. Or a SIP URI (RFC 3261 §19.1).
    public static let party = TextRule("an E.164 number such as +4930111222 or a sip: URI") { text in
        let lower = text.lowercased()
        if lower.hasPrefix("sip:") || lower.hasPrefix("sips:") {
            let rest = text.drop { $0 != ":" }.dropFirst()
            return rest.isEmpty || rest.contains(where: \.isWhitespace)
                ? Violation("is a SIP URI without a party", "write sip:name@host") : nil
        }
        let digits = text.utf8.dropFirst()
        let isNumber =
            text.utf8.first == 0x2B && (2...15).contains(digits.count) && digits.allSatisfy(isASCIIDigit)
            && digits.first != 0x30
        return isNumber ? nil : Violation("is neither", "write + and the country code, digits only, no spaces")
    }

    private static func webProblem(_ text: String, schemes: [String], remedy: String) -> Violation? {
        if text.contains("${") || text.contains("%{") {
            return Violation("contains a variable", "write the complete URL; variables are filled in only in SWML")
        }
        guard let url = WebURL(text) else {
            return Violation("is not a URL", "write scheme://host/path, other characters percent-encoded (RFC 3986)")
        }
        guard schemes.contains(url.scheme) else {
            return Violation("has the scheme \(Quoted.name(url.scheme))", remedy)
        }
        if url.scheme == "wss", url.hasCredentials {
            return Violation("contains credentials", "send them in a header or a custom parameter")
        }
        return url.hasFragment ? Violation("contains a fragment (#)", "omit it; it is never sent") : nil
    }
}
