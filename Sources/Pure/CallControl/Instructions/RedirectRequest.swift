/// A request to load further actions from a URL.
public struct RedirectRequest: Sendable, Hashable {
    public var url: String
    public var method: WebMethod
    /// 0…20; nil for the platform's default.
    public var maxRedirects: Int?

    public init(url: String, method: WebMethod = .get, maxRedirects: Int? = nil) {
        self.url = url
        self.method = method
        self.maxRedirects = maxRedirects
    }
}
