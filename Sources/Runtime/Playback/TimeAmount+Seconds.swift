package import NIOCore

extension TimeAmount {
    /// About thirty years: longer amounts are clamped to this.
    package static let maxSeconds = 1e9

    /// Seconds of any size, such as values from files and divisions; NaN is 0.
    package static func seconds(clamping seconds: Double) -> TimeAmount {
        guard !seconds.isNaN else { return .zero }
        return .nanoseconds(Int64(max(-maxSeconds, min(maxSeconds, seconds)) * 1e9))
    }
}
