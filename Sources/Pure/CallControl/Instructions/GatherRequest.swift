/// A request to collect digits from the caller.
public struct GatherRequest: Sendable, Hashable {
    /// The text to speak first; nil for none.
    public var prompt: String?
    public var minDigits: Int
    /// The number of digits that ends it immediately.
    public var maxDigits: Int
    /// Timeout between keys in seconds; 1…30.
    public var timeoutSeconds: Int
    /// The key that ends it, which is not part of the digits.
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

    /// Assumed: the default is not documented.
    public static let assumedTimeoutSeconds = 5
    /// The keys of a telephone: ITU-T Q.23.
    public static let keys: Set<Character> = Set("0123456789*#ABCD")
}
