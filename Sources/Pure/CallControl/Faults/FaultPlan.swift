/// The faults injected into an emulated call, for testing the robustness of a receiver.
///
///     let plan = try FaultPlan("drop=2%,stall=2s@10s,no-stop,webhooks=duplicate+reorder")
///     var messages = FaultedMessages(plan: plan, seed: 7, platform: Twilio.self)
/// The same plan with the same seed has the same effect on the same messages.
package struct FaultPlan: Sendable, Hashable {
    /// A pause, after which all delayed messages are sent at once.
    package struct Stall: Sendable, Hashable {
        /// Seconds since the socket opened.
        package var at: Double
        /// Seconds.
        package var lasts: Double
    }

    /// Faults of webhooks and status callbacks.
    package struct Webhooks: OptionSet, Sendable, Hashable {
        package let rawValue: Int
        package init(rawValue: Int) { self.rawValue = rawValue }

        /// Half of them, at random, are delivered twice.
        package static let duplicate = Webhooks(rawValue: 1)
        /// Half of them, at random, overtake the previous one.
        package static let reorder = Webhooks(rawValue: 2)
        /// Each is delayed by up to `mostDelay` seconds.
        package static let delay = Webhooks(rawValue: 4)
        /// Seconds.
        package static let mostDelay = 2.0

        static let names: [(name: String, fault: Webhooks)] = [
            ("duplicate", .duplicate), ("reorder", .reorder), ("delay", .delay),
        ]
    }

    /// Fraction of media messages that are not sent, 0…1.
    package var drop = 0.0
    /// Fraction of media messages that are sent after the next one of their track, 0…1.
    package var reorder = 0.0
    /// Fraction of media messages that are sent twice, 0…1.
    package var duplicate = 0.0
    /// Maximum delay of messages, in seconds; their order is preserved.
    package var jitter = 0.0
    package var stalls: [Stall] = []
    /// When the connection is reset, in seconds since the socket opened.
    package var disconnect: Double?
    /// The first media messages are sent before `start`.
    package var sendsMediaBeforeStart = false
    /// `stop` is not sent.
    package var omitsStop = false
    /// A second socket opens for the same call, with the same messages.
    package var opensSecondSocket = false
    /// `start` announces a codec other than that of the payloads.
    package var announcesWrongCodec = false
    /// How much faster the platform's clock runs, in ppm.
    package var clockDriftPPM = 0.0
    package var webhooks: Webhooks = []

    package init() {}

    package var isEmpty: Bool { self == FaultPlan() }
}

/// Every problem of a list of faults, with the expected forms.
package struct FaultPlanError: Error, Hashable, Sendable, CustomStringConvertible {
    package var problems: [String]

    package var description: String { problems.joined(separator: "; ") }
}
