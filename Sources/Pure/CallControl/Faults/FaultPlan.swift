/// What goes wrong on purpose in an emulated call, so that a receiver can be seen to bear it.
///
///     let plan = try FaultPlan("drop=2%,stall=2s@10s,no-stop,webhooks=duplicate+reorder")
///     var messages = FaultedMessages(plan: plan, seed: 7, platform: Twilio.self)
///
/// The same plan with the same seed does the same to the same messages.
package struct FaultPlan: Sendable, Hashable {
    /// A pause after which everything that waited comes at once.
    package struct Stall: Sendable, Hashable {
        /// Seconds since the socket opened.
        package var at: Double
        /// Seconds.
        package var lasts: Double
    }

    /// What is done to webhooks and status callbacks.
    package struct Webhooks: OptionSet, Sendable, Hashable {
        package let rawValue: Int
        package init(rawValue: Int) { self.rawValue = rawValue }

        /// Every other one, by chance, is delivered twice.
        package static let duplicate = Webhooks(rawValue: 1)
        /// Every other one, by chance, overtakes the one before it.
        package static let reorder = Webhooks(rawValue: 2)
        /// Each waits up to `mostDelay` seconds.
        package static let delay = Webhooks(rawValue: 4)
        /// Seconds.
        package static let mostDelay = 2.0

        static let names: [(name: String, fault: Webhooks)] = [
            ("duplicate", .duplicate), ("reorder", .reorder), ("delay", .delay),
        ]
    }

    /// Media messages that are never sent, 0…1 of all.
    package var drop = 0.0
    /// Media messages that are sent after the next one of their track, 0…1 of all.
    package var reorder = 0.0
    /// Media messages that are sent twice, 0…1 of all.
    package var duplicate = 0.0
    /// Messages wait up to this long, in seconds; none overtakes another.
    package var jitter = 0.0
    package var stalls: [Stall] = []
    /// When the connection is cut without a word, in seconds since the socket opened.
    package var disconnect: Double?
    /// The first media messages come before `start`.
    package var sendsMediaBeforeStart = false
    /// `stop` is not sent.
    package var omitsStop = false
    /// A second socket opens for the same call, and carries the same.
    package var opensSecondSocket = false
    /// `start` announces another codec than the payloads have.
    package var announcesWrongCodec = false
    /// How much faster the platform's clock runs than ours, in millionths.
    package var clockDriftPPM = 0.0
    package var webhooks: Webhooks = []

    package init() {}

    package var isEmpty: Bool { self == FaultPlan() }
}

/// Why a list of faults cannot be used: every problem, each with what would be right.
package struct FaultPlanError: Error, Hashable, Sendable, CustomStringConvertible {
    package var problems: [String]

    package var description: String { problems.joined(separator: "; ") }
}
