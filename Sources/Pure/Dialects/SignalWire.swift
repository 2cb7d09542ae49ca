public import SidetoneModel

/// SignalWire streams: signalwire.com/docs, cXML `<Stream>`. The SWML page does not repeat the messages; they are assumed
/// to be the same.
public struct SignalWire: Dialect {
    public static let name = "signalwire"
    public static let summary = "SignalWire streams, as documented for cXML; assumed to be the same for SWML"

    private var shape = TwilioShaped(
        .init(dialect: name, version: "0.2.0", streamIDOnTop: false, stopNamesCall: false))

    public init() {}

    public mutating func read(_ message: WireMessage, _ emit: (StreamEvent) -> Void) throws(DialectError) {
        try shape.read(message, emit)
    }

    public mutating func write(_ event: StreamEvent) throws(DialectError) -> WireMessage { try shape.write(event) }

    public static func recognizes(_ opening: Opening) -> Recognition {
        let text = TwilioOpening(opening)
        if text.startHasStreamIDOnTop == false { return .sure }
        return text.version?.hasPrefix("0.2") == true && text.isCall ? .maybe : .no
    }
}
