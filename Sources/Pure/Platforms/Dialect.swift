public import SidetoneCodecs
public import SidetoneModel

/// One platform's wire language. What must be answered at once is an event too: `.reply(message)`.
///
/// To add one: a file with the type, a capture in `Samples/streams/<name>/`, and a line in `DialectCatalog`.
public protocol Dialect: Sendable {
    /// The word users write in a pipeline file.
    static var name: String { get }
    /// Whose it is, and how well its wire format is known, in one line.
    static var summary: String { get }
    /// The formats in which the platform streams, as documented; nil where its documents name none. A receiver reads
    /// every format that it decodes; an emulator sends these.
    static var formats: [MediaFormat]? { get }
    /// Whether the opening of a stream is this dialect's.
    static func recognizes(_ opening: Opening) -> Recognition

    init()

    /// Hands on what the message means; a closure, not an array, because a packet may not cost an allocation.
    ///
    /// - Throws: `DialectError` for a message that cannot be read; the next one can be all the same.
    mutating func read(_ message: WireMessage, emit: (StreamEvent) -> Void) throws(DialectError)

    /// The platform's side: the message that says this.
    mutating func write(_ event: StreamEvent) throws(DialectError) -> WireMessage
}

extension Dialect {
    public static var formats: [MediaFormat]? { nil }

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
    public mutating func events(in message: WireMessage) throws(DialectError) -> [StreamEvent] {
        var events: [StreamEvent] = []
        try read(message) { events.append($0) }
        return events
    }
}

/// Every dialect that a pipeline file may name.
public enum DialectCatalog {
    /// One line each, in alphabetical order, so that two additions do not meet on one line.
    public static let all: [any Dialect.Type] = [
        MiniVoice.self,
        SignalWire.self,
        Twilio.self,
    ]

    public static func named(_ name: String) -> (any Dialect.Type)? { all.first { $0.name == name } }
}
