public import SidetoneCodecs
public import SidetoneModel

/// The wire format of one platform: reads its messages, and writes them for the emulator.
///
/// The receiver's answers are events, too: `.reply(message)` is sent back at once.
public protocol Dialect: Sendable {
    /// The name in pipeline files.
    static var name: String { get }
    /// The one-line description: the platform, and how well its wire format is known.
    static var summary: String { get }
    /// What its messages carry. Receiver, emulator, doctor and tests follow it.
    static var profile: DialectProfile { get }
    /// Settings of the dialect, with its name as prefix in pipeline files: `vonage_call_id_header`.
    static var settings: [DialectSetting] { get }
    /// Whether the opening of a stream is in this dialect.
    static func recognizes(_ opening: Opening) -> Recognition

    /// - Parameters:
    ///   - opening: the upgrade request, as far as it is known; a capture knows the id of the connection only.
    ///   - settings: values of `settings`.
    init(opening: Opening, settings: DialectSettings)

    /// Emits what a message means. A closure, not an array: a packet must not cost an allocation.
    ///
    /// - Parameter arrival: when the message arrived, since the connection opened. It places the packets of dialects
    ///   without timestamps; captures keep it, so that live and offline agree.
    /// - Throws: `DialectError` for a message that cannot be read; the next one can be read anyway.
    mutating func read(
        _ message: WireMessage, arrival: Duration, emit: (StreamEvent) -> Void
    ) throws(DialectError)

    /// The platform's side: emits the messages of an event, if the platform has any for it.
    /// - Throws: `DialectError` if the dialect cannot express the event.
    mutating func write(_ event: StreamEvent, emit: (WireMessage) -> Void) throws(DialectError)

    /// Emits what the receiver sends before it ends a stream that the platform has not ended.
    mutating func farewell(_ reason: EndReason, emit: (WireMessage) -> Void)
}

extension Dialect {
    public static var settings: [DialectSetting] { [] }

    /// With the default settings, and nothing known of the connection.
    public init() { self.init(opening: Opening(), settings: DialectSettings()) }

    public mutating func farewell(_ reason: EndReason, emit: (WireMessage) -> Void) {}

    /// The formats in which the platform streams, as documented; nil where its documents name none. A receiver reads
    /// every format that it decodes; an emulator sends these.
    public static var formats: [MediaFormat]? { profile.formats }

    /// The format that an emulator sends where nothing names another.
    public static var standardFormat: MediaFormat {
        formats?.first ?? MediaFormat(encoding: .pcmu, sampleRate: 8_000)
    }

    /// The sample rates at which the platform streams a codec; empty where it does not.
    public static func sampleRates(of codec: any AudioCodec.Type) -> [Int] {
        guard let formats else { return codec.sampleRates }
        return formats.filter { $0.encoding == codec.encoding }.map(\.sampleRate)
    }

    /// What the platform streams, for messages: `PCMU at 8000 Hz`.
    public static var formatNames: String {
        (formats ?? []).map { "\($0.encoding) at \($0.sampleRate) Hz" }.joined(separator: ", ")
    }

    /// What a message means, as an array: for tests and tools.
    public mutating func events(
        in message: WireMessage, arrival: Duration = .zero
    ) throws(DialectError) -> [StreamEvent] {
        var events: [StreamEvent] = []
        try read(message, arrival: arrival) { events.append($0) }
        return events
    }

    /// The messages of an event, as an array.
    public mutating func messages(for event: StreamEvent) throws(DialectError) -> [WireMessage] {
        var messages: [WireMessage] = []
        try write(event) { messages.append($0) }
        return messages
    }

    /// The one message of an event, for tests and tools.
    ///
    /// - Throws: `unwritable` as well where the dialect has no message for it, or several.
    public mutating func write(_ event: StreamEvent) throws(DialectError) -> WireMessage {
        let messages = try messages(for: event)
        guard messages.count == 1 else {
            throw DialectError(
                .unwritable, dialect: Self.name, message: 0, detail: "the event has \(messages.count) messages")
        }
        return messages[0]
    }
}
