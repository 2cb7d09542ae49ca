/// Loading further actions from elsewhere.
public struct RedirectRequest: Sendable, Hashable {
    public var url: String
    public var method: WebMethod
    /// 0…20; nil where the document leaves it to the platform.
    public var maxRedirects: Int?

    public init(url: String, method: WebMethod = .get, maxRedirects: Int? = nil) {
        self.url = url
        self.method = method
        self.maxRedirects = maxRedirects
    }
}
