/// Synthesises speech.
package protocol SpeechMaker: Sendable {
    /// The samples of a text.
    ///
    /// - Throws: `SpeechError` when it cannot be spoken.
    func speech(_ text: String, sampleRate: Int) async throws -> [Int16]
}

/// Why a text cannot be spoken. Does not repeat it.
package struct SpeechError: Error, Hashable, Sendable, CustomStringConvertible {
    package var detail: String
    package init(_ detail: String) { self.detail = detail }
    package var description: String { detail }
}
