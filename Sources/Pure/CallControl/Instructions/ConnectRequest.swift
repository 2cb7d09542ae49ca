/// A request to connect the call with another party.
public struct ConnectRequest: Sendable, Hashable {
    /// An E.164 number or a SIP URI.
    public var destination: String
    /// The number to show to the other party.
    public var from: String?
    /// Ringing timeout, in seconds.
    public var timeoutSeconds: Int?

    public init(destination: String, from: String? = nil, timeoutSeconds: Int? = nil) {
        self.destination = destination
        self.from = from
        self.timeoutSeconds = timeoutSeconds
    }
}
