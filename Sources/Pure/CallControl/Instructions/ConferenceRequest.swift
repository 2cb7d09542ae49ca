/// A request to join a conference room.
public struct ConferenceRequest: Sendable, Hashable {
    /// Of letters, digits, `.`, `-` and `_`.
    public var room: String
    public var mute: Bool
    /// Whether the conference ends when this call leaves it.
    public var endOnExit: Bool

    public init(room: String, mute: Bool = false, endOnExit: Bool = false) {
        self.room = room
        self.mute = mute
        self.endOnExit = endOnExit
    }
}
