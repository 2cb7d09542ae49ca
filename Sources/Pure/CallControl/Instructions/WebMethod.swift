/// The HTTP method for fetching a document or reporting an event.
public enum WebMethod: String, Sendable, Hashable, CaseIterable {
    case get = "GET"
    case post = "POST"
}
