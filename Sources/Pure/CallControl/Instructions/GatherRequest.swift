/// Digits to be collected from the caller.
public struct GatherRequest: Sendable, Hashable {
    /// Spoken first; nil for nothing.
    public var prompt: String?
    public var minDigits: Int
    /// As many end it at once.
    public var maxDigits: Int
    /// Seconds without a key that end it; 1…30.
    public var timeoutSeconds: Int
    /// A key that ends it and does not count.
    public var finishOnKey: Character?

    public init(
        prompt: String? = nil, minDigits: Int = 1, maxDigits: Int = 1, timeoutSeconds: Int = Self.assumedTimeoutSeconds,
        finishOnKey: Character? = nil
    ) {
        self.prompt = prompt
        self.minDigits = minDigits
        self.maxDigits = maxDigits
        self.timeoutSeconds = timeoutSeconds
        self.finishOnKey = finishOnKey
    }

    /// Assumed: no published page states the default.
    public static let assumedTimeoutSeconds = 5
    /// The keys of a telephone: ITU-T Q.23.
    public static let keys: Set<Character> = Set("0123456789*#ABCD")
}
