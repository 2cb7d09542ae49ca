import Logging
import SidetoneJSON

/// Logs to standard error, with control characters escaped.
struct TerminalLogHandler: LogHandler {
    private var handler: StreamLogHandler

    init(label: String) { handler = .standardError(label: label) }

    func log(event: LogEvent) {
        var event = event
        event.message = "\(Self.safe(event.message.description))"
        event.metadata = event.metadata.map { $0.mapValues(Self.safe) }
        handler.log(event: event)
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { handler[metadataKey: key] }
        set { handler[metadataKey: key] = newValue.map(Self.safe) }
    }

    var metadata: Logger.Metadata {
        get { handler.metadata }
        set { handler.metadata = newValue.mapValues(Self.safe) }
    }

    var logLevel: Logger.Level {
        get { handler.logLevel }
        set { handler.logLevel = newValue }
    }

    private static func safe(_ text: String) -> String { PrintableText.escaped(text, keepsLines: false) }

    private static func safe(_ value: Logger.Metadata.Value) -> Logger.Metadata.Value {
        switch value {
        case .string(let text): .string(safe(text))
        case .stringConvertible(let value): .string(safe(value.description))
        case .array(let values): .array(values.map(safe))
        case .dictionary(let values): .dictionary(values.mapValues(safe))
        }
    }
}
