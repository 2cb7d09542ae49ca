/// What goes wrong on purpose in an emulated call, so that a receiver can be seen to bear it.
///
///     let plan = try FaultPlan("drop=2%,stall=2s@10s,no-stop,webhooks=duplicate+reorder")
///     var messages = FaultedMessages(plan: plan, seed: 7, platform: Twilio.self)
///
/// The same plan with the same seed does the same to the same messages.
public struct FaultPlan: Sendable, Hashable {
    /// A pause after which everything that waited comes at once.
    public struct Stall: Sendable, Hashable {
        /// Seconds since the socket opened.
        public var at: Double
        /// Seconds.
        public var lasts: Double
    }

    /// What is done to webhooks and status callbacks.
    public struct Webhooks: OptionSet, Sendable, Hashable {
        public let rawValue: Int
        public init(rawValue: Int) { self.rawValue = rawValue }

        /// Every other one, by chance, is delivered twice.
        public static let duplicate = Webhooks(rawValue: 1)
        /// Every other one, by chance, overtakes the one before it.
        public static let reorder = Webhooks(rawValue: 2)
        /// Each waits up to `mostDelay` seconds.
        public static let delay = Webhooks(rawValue: 4)
        /// Seconds.
        public static let mostDelay = 2.0

        static let names: [(name: String, fault: Webhooks)] = [
            ("duplicate", .duplicate), ("reorder", .reorder), ("delay", .delay),
        ]
    }

    /// Media messages that are never sent, 0…1 of all.
    public var drop = 0.0
    /// Media messages that are sent after the next one of their track, 0…1 of all.
    public var reorder = 0.0
    /// Media messages that are sent twice, 0…1 of all.
    public var duplicate = 0.0
    /// Messages wait up to this long, in seconds; none overtakes another.
    public var jitter = 0.0
    public var stalls: [Stall] = []
    /// When the connection is cut without a word, in seconds since the socket opened.
    public var disconnect: Double?
    /// The first media messages come before `start`.
    public var sendsMediaBeforeStart = false
    /// `stop` is not sent.
    public var omitsStop = false
    /// A second socket opens for the same call, and carries the same.
    public var opensSecondSocket = false
    /// `start` announces another codec than the payloads have.
    public var announcesWrongCodec = false
    /// How much faster the platform's clock runs than ours, in millionths.
    public var clockDriftPPM = 0.0
    public var webhooks: Webhooks = []

    public init() {}

    public var isEmpty: Bool { self == FaultPlan() }
}

/// Why a list of faults cannot be used: every problem, each with what would be right.
public struct FaultPlanError: Error, Hashable, Sendable, CustomStringConvertible {
    public var problems: [String]

    public var description: String { problems.joined(separator: "; ") }
}
