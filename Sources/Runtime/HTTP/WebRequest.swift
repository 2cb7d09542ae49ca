/// One HTTP request.
public struct WebRequest: Sendable {
    /// `GET`, `POST`.
    public var method: String
    public var url: String
    public var headers: [(name: String, value: String)]
    public var body: [UInt8]

    public init(
        _ method: String, _ url: String, headers: [(name: String, value: String)] = [], body: [UInt8] = []
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
    }
}

/// The answer to it.
public struct WebAnswer: Sendable {
    public var status: Int
    public var headers: [(name: String, value: String)]
    public var body: [UInt8]

    public init(status: Int, headers: [(name: String, value: String)] = [], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// Whether the request was taken: any 2xx.
    public var isSuccess: Bool { (200...299).contains(status) }

    /// The first header field of that name, in any case.
    public subscript(header name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }
}

/// What a request puts up with.
public struct WebLimits: Sendable {
    /// Bytes of an answer's body.
    public var answerBytes = 1_048_576
    /// From the request to the end of the answer, in seconds.
    public var seconds = 10.0
    /// For a TCP connection, in seconds.
    public var connectSeconds = 5.0

    public init() {}
}
