import SidetoneModel

/// A webhook that was read and whose signature holds.
struct ReceivedWebhook: Sendable, Hashable {
    /// The same for every delivery of one event.
    var key: String
    var entry: CallLogEntry
}
