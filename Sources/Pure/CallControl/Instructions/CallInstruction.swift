/// One thing a call does next, whatever language asked for it. An executor runs these and knows no platform.
public enum CallInstruction: Sendable, Hashable {
    case startStream(StreamRequest)
    case stopStream(StreamMatch)
    case startRecording
    case stopRecording
    case say(text: String)
    case gather(GatherRequest)
    /// - digits: of `0-9 * # A-D w W ,`; the last three are pauses.
    case sendDigits(digits: String, pauseBeforeMs: Int)
    case redirect(RedirectRequest)
    case transfer(ConnectRequest)
    case bridge(ConnectRequest)
    case conference(ConferenceRequest)
    case hold
    case resume
    case mute(AudioDirection)
    case unmute(AudioDirection)
    /// A step kept as it was written: a SWML method that Sidetone does not play.
    case other(name: String, step: JSONValue)

    /// What becomes of the steps after this one.
    public enum Sequel: Sendable { case continues, replaced, ends }

    public var sequel: Sequel {
        switch self {
        case .redirect: .replaced
        case .transfer, .bridge: .ends
        case .other(name: "hangup", step: _): .ends
        default: .continues
        }
    }
}

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

public enum WebMethod: String, Sendable, Hashable, CaseIterable {
    case get = "GET"
    case post = "POST"
}

/// Connecting the call with another party.
public struct ConnectRequest: Sendable, Hashable {
    /// An E.164 number or a SIP URI.
    public var destination: String
    /// The number to show to the other party.
    public var from: String?
    /// How long it may ring, in seconds.
    public var timeoutSeconds: Int?

    public init(destination: String, from: String? = nil, timeoutSeconds: Int? = nil) {
        self.destination = destination
        self.from = from
        self.timeoutSeconds = timeoutSeconds
    }
}

public struct ConferenceRequest: Sendable, Hashable {
    /// Of letters, digits, `.`, `-` and `_`.
    public var room: String
    public var mute: Bool
    /// The conference ends when this call leaves it.
    public var endOnExit: Bool

    public init(room: String, mute: Bool = false, endOnExit: Bool = false) {
        self.room = room
        self.mute = mute
        self.endOnExit = endOnExit
    }
}

/// Which way audio is muted: `read` is what the platform receives of the call, `write` what it sends to it.
public enum AudioDirection: String, Sendable, Hashable, CaseIterable { case read, write, both }
