/// How a call ends.
package enum CallEnd: Sendable, Hashable {
    case completed(reason: String)
    case failed(PlatformError)

    /// The reason of a failure; nil after a normal end.
    package var failure: String? {
        if case .failed(let error) = self { error.message } else { nil }
    }
}
