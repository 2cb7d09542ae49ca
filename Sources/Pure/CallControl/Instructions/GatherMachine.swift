/// Collects digits: keys and elapsed time in, one result out.
///
/// Time is milliseconds on any clock of the caller's that only goes forward. Assumed, because the pages do not say: the
/// timer starts anew with each key, and the words of `status`.
public struct GatherMachine: Sendable {
    public let request: GatherRequest
    private var digits = ""
    private var lastKeyMs: Int64
    /// Set once; nothing changes after it.
    public private(set) var result: GatheredData?

    /// - Parameter startMs: when the prompt has ended.
    public init(_ request: GatherRequest, startMs: Int64) {
        self.request = request
        lastKeyMs = startMs
    }

    /// When `advance` will end it; nil once it has ended.
    public var deadlineMs: Int64? {
        result == nil ? lastKeyMs + Int64(request.timeoutSeconds) * 1_000 : nil
    }

    /// The caller presses a key. What no telephone has is passed over.
    public mutating func press(_ key: Character, atMs timeMs: Int64) {
        advance(toMs: timeMs)
        guard result == nil, GatherRequest.keys.contains(key) else { return }
        lastKeyMs = timeMs
        if key == request.finishOnKey { return end(enough ? .completed : .incomplete) }
        digits.append(key)
        if digits.count >= request.maxDigits { end(.completed) }
    }

    /// Time passes.
    public mutating func advance(toMs timeMs: Int64) {
        guard let deadlineMs, timeMs >= deadlineMs else { return }
        end(enough ? .completed : .timeout, timedOut: true)
    }

    /// The caller hangs up.
    public mutating func hangUp() { end(.hangup) }

    private var enough: Bool { digits.count >= request.minDigits }

    private mutating func end(_ status: GatheredData.Status, timedOut: Bool = false) {
        guard result == nil else { return }
        result = GatheredData(digits: digits, status: status, timedOut: timedOut, request: request)
    }
}
