import SidetoneModel

/// A decoded webhook. Its entry states whether the sender was authenticated.
struct ReceivedWebhook: Sendable, Hashable {
    var platform: Platform
    /// The same for every delivery of one event, different for each event of a platform.
    var key: String
    var entry: CallLogEntry
}
