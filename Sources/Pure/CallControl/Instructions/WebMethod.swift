/// How a document is fetched or an event told.
public enum WebMethod: String, Sendable, Hashable, CaseIterable {
    case get = "GET"
    case post = "POST"
}
