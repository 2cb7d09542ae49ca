import Foundation

/// Replaces speech where no synthesiser is available: one tone per word, as long as the word.
package struct ToneSpeech: SpeechMaker {
    /// Duration of a letter: about 150 English words per minute.
    static let letterMs = 65
    /// Maximum length of a text in letters: about ten minutes; longer ones are truncated.
    static let mostLetters = 10_000

    package init() {}

    package func speech(_ text: String, sampleRate: Int) -> [Int16] {
        let letter = sampleRate * Self.letterMs / 1_000
        let ramp = Double(max(1, sampleRate / 100))
        var samples: [Int16] = []
        for word in text.prefix(Self.mostLetters).split(whereSeparator: \.isWhitespace) {
            let count = letter * word.count
            for n in 0..<count {
                let edge = min(1, Double(min(n, count - n)) / ramp)
                samples.append(Int16(6_000 * edge * sin(2 * .pi * 200 * Double(n) / Double(sampleRate))))
            }
            samples.append(contentsOf: repeatElement(0, count: letter))
        }
        return samples
    }
}
