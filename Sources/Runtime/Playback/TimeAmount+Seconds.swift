package import NIOCore

extension TimeAmount {
    /// Some thirty years: what is longer counts as this.
    package static let maxSeconds = 1e9

    /// Seconds of any size, as they come out of files and divisions; what is no number is 0.
    package static func seconds(clamping seconds: Double) -> TimeAmount {
        guard !seconds.isNaN else { return .zero }
        return .nanoseconds(Int64(max(-maxSeconds, min(maxSeconds, seconds)) * 1e9))
    }
}
