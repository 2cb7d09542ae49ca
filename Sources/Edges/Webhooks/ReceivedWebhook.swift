import SidetoneModel

/// A decoded webhook. Its entry states whether the sender was authenticated.
struct ReceivedWebhook: Sendable, Hashable {
    /// The name of the platform.
    var platform: String
    /// The same for every delivery of one event, different for each event of a platform.
    var key: String
    var entry: CallLogEntry
}
