import SidetoneModel

/// A webhook that was read. Whether its sender was authenticated is in its entry.
struct ReceivedWebhook: Sendable, Hashable {
    var platform: Platform
    /// The same for every delivery of one event, different for each event of a platform.
    var key: String
    var entry: CallLogEntry
}
