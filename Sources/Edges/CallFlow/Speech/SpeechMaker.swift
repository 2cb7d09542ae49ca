/// Speaks texts.
public protocol SpeechMaker: Sendable {
    /// The samples of a text.
    ///
    /// - Throws: `SpeechError` when it cannot be spoken.
    func speech(_ text: String, sampleRate: Int) async throws -> [Int16]
}

/// Why a text cannot be spoken. Does not repeat it.
public struct SpeechError: Error, Hashable, Sendable, CustomStringConvertible {
    public var detail: String
    public init(_ detail: String) { self.detail = detail }
    public var description: String { detail }
}
