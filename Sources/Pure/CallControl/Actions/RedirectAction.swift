public import SidetoneJSON

/// `redirect`: loads further actions, which replace the remaining ones.
public struct RedirectAction: Action {
    public static let name = "redirect"
    public static let summary = "Loads another action document and runs it instead of the rest of this one."

    public var url: String
    public var method: WebMethod?
    /// 0…20.
    public var maxRedirects: Int?

    public init(url: String, method: WebMethod? = nil, maxRedirects: Int? = nil) {
        self.url = url
        self.method = method
        self.maxRedirects = maxRedirects
    }

    public init?(_ fields: inout FieldReader) {
        let url = fields.text("url", need: .required, rule: .webURL)
        method = fields.word("method", of: WebMethod.self)
        maxRedirects = fields.whole("max_redirects", in: 0...20)
        guard let url else { return nil }
        self.url = url
    }

    public var parameters: [JSONMember] {
        members([
            "url": .text(url), "method": method.map { .text($0.rawValue) },
            "max_redirects": maxRedirects.map { .whole($0) },
        ])
    }

    public var instruction: CallInstruction {
        .redirect(RedirectRequest(url: url, method: method ?? .get, maxRedirects: maxRedirects))
    }
}
