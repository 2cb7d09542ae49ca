public import SidetoneModel

/// What the streams of a dialect look like on the wire.
public struct DialectProfile: Sendable, Hashable {
    /// What carries the messages.
    public enum Transport: String, Sendable { case webSocket = "WebSocket", tcp = "TCP" }

    /// How audio is carried.
    public enum Audio: String, Sendable {
        /// In base64 within text messages.
        case base64
        /// As binary messages.
        case binary
    }

    /// How the platform ends a stream.
    public enum End: String, Sendable {
        /// With a message; the receiver closes the connection.
        case message
        /// By closing the connection.
        case close
    }

    /// What messages carry.
    public struct Fields: OptionSet, Sendable, Hashable {
        public let rawValue: Int
        public init(rawValue: Int) { self.rawValue = rawValue }

        /// A number for every message of the connection.
        public static let sequence = Fields(rawValue: 1 << 0)
        /// A number for every packet of a track.
        public static let chunk = Fields(rawValue: 1 << 1)
        /// The position of a packet in the stream. Without it, arrival places packets.
        public static let timestamp = Fields(rawValue: 1 << 2)
        /// A greeting before the stream's start.
        public static let greeting = Fields(rawValue: 1 << 3)
        public static let mark = Fields(rawValue: 1 << 4)
        public static let digits = Fields(rawValue: 1 << 5)
        /// On which track a key was pressed.
        public static let digitTrack = Fields(rawValue: 1 << 6)
        /// How long a key was pressed.
        public static let digitDuration = Fields(rawValue: 1 << 7)
        public static let streamID = Fields(rawValue: 1 << 8)
        public static let accountID = Fields(rawValue: 1 << 9)
    }

    public var transport = Transport.webSocket
    /// Subprotocols of which the platform offers one, and expects it to be accepted.
    public var subprotocols: [String] = []
    public var audio: Audio
    public var channels: ChannelMap
    /// As documented; nil where the documents name none.
    public var formats: [MediaFormat]?
    public var carries: Fields
    public var end: End
    /// Whether the platform waits for replies, so that a silent receiver gets no audio.
    public var requiresReplies = false

    public init(
        audio: Audio, channels: ChannelMap, formats: [MediaFormat]?, carries: Fields, end: End
    ) {
        self.audio = audio
        self.channels = channels
        self.formats = formats
        self.carries = carries
        self.end = end
    }

    /// The parts of a pressed key that the dialect carries.
    public func digit(_ key: Character, track: TrackRole?, durationMs: Int?) -> WireDigit {
        WireDigit(
            digit: key, track: carries.contains(.digitTrack) ? track : nil,
            durationMs: carries.contains(.digitDuration) ? durationMs : nil)
    }
}
