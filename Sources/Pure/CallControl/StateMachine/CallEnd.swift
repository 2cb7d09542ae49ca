/// How a call ends.
package enum CallEnd: Sendable, Hashable {
    case completed(reason: String)
    case failed(PlatformError)

    /// A sentence; nil where it ended as it should.
    package var failure: String? {
        if case .failed(let error) = self { error.message } else { nil }
    }
}
