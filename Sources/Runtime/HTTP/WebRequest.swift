/// One HTTP request.
package struct WebRequest: Sendable {
    /// `GET`, `POST`.
    package var method: String
    package var url: String
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]

    package init(
        _ method: String, _ url: String, headers: [(name: String, value: String)] = [], body: [UInt8] = []
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
    }
}

/// An HTTP response.
package struct WebAnswer: Sendable {
    package var status: Int
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]

    package init(status: Int, headers: [(name: String, value: String)] = [], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// Whether the request was successful: any 2xx.
    package var isSuccess: Bool { (200...299).contains(status) }

    /// The first header field of that name, ignoring case.
    package subscript(header name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }
}

/// The limits of a request.
package struct WebLimits: Sendable {
    /// Maximum size of the response body in bytes.
    package var answerBytes = 1_048_576
    /// From the request to the end of the response, in seconds.
    package var seconds = 10.0
    /// For a TCP connection, in seconds.
    package var connectSeconds = 5.0

    package init() {}
}
