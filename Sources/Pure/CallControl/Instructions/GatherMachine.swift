/// Collects digits: keys and elapsed time in, one result out. Time is in milliseconds of any monotonic clock. Assumed,
/// because it is not documented: the timer restarts with each key, and the values of `status`.
public struct GatherMachine: Sendable {
    public let request: GatherRequest
    private var digits = ""
    private var lastKeyMs: Int64
    /// Set once; final.
    public private(set) var result: GatheredData?

    /// - Parameter startMs: the end of the prompt.
    public init(_ request: GatherRequest, startMs: Int64) {
        self.request = request
        lastKeyMs = startMs
    }

    /// The time of the timeout; nil once it has ended.
    public var deadlineMs: Int64? {
        result == nil ? lastKeyMs + Int64(request.timeoutSeconds) * 1_000 : nil
    }

    /// Handles a key press. Characters that are not keys are ignored.
    public mutating func press(_ key: Character, atMs timeMs: Int64) {
        advance(toMs: timeMs)
        guard result == nil, GatherRequest.keys.contains(key) else { return }
        lastKeyMs = timeMs
        if key == request.finishOnKey { return end(enough ? .completed : .incomplete) }
        digits.append(key)
        if digits.count >= request.maxDigits { end(.completed) }
    }

    /// Advances the time.
    public mutating func advance(toMs timeMs: Int64) {
        guard let deadlineMs, timeMs >= deadlineMs else { return }
        end(enough ? .completed : .timeout, timedOut: true)
    }

    /// Handles a hang-up of the caller.
    public mutating func hangUp() { end(.hangup) }

    private var enough: Bool { digits.count >= request.minDigits }

    private mutating func end(_ status: GatheredData.Status, timedOut: Bool = false) {
        guard result == nil else { return }
        result = GatheredData(digits: digits, status: status, timedOut: timedOut, request: request)
    }
}
