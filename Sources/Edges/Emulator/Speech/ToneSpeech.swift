import Foundation

/// Hums where nobody can speak: a tone for each word, as long as the word would take.
package struct ToneSpeech: SpeechMaker {
    /// A letter takes this long: about 150 English words a minute.
    static let letterMs = 65
    /// Longer texts are cut, in letters: about ten minutes.
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
