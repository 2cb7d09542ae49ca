public import SidetoneModel

/// Finds the dialect of a stream from its opening.
///
/// Decides as soon as one dialect is sure, and for the likeliest after three messages. Audio that arrives before the first
/// text does not count, for about a second. The guess is for convenience: a pipeline file that names the dialect is never
/// wrong.
public struct DialectDetector: Sendable {
    /// Messages after which the likeliest dialect is chosen.
    public static let patience = 3
    /// Binary messages before the first text that do not count.
    public static let maxEarlyAudio = 64

    public private(set) var opening: Opening
    private var earlyAudio = 0

    public init(opening: Opening = Opening()) { self.opening = opening }

    /// Adds the next message; returns the dialect once it is known. `opening.messages` then holds what it must read.
    public mutating func offer(_ message: WireMessage) -> (any Platform.Type)? {
        if opening.messages.count == earlyAudio, earlyAudio < Self.maxEarlyAudio, OpeningProblem.isAudio(message) {
            earlyAudio += 1
        }
        opening.messages.append(message)
        let votes = PlatformCatalog.all.map { (dialect: $0, recognition: $0.recognizes(opening)) }
        if let sure = votes.first(where: { $0.recognition == .sure }) { return sure.dialect }
        guard isExhausted else { return nil }
        return votes.first { $0.recognition == .maybe }?.dialect
    }

    /// Why no dialect was recognised, and which there are.
    public var problem: String {
        "no dialect recognised: \(OpeningProblem.text(opening.messages)) (dialects: \(PlatformCatalog.names))"
    }

    /// Whether no further message will be waited for.
    public var isExhausted: Bool { opening.messages.count - earlyAudio >= Self.patience }
}
