/// Finds the word that somebody probably meant.
public enum NearestWord {
    /// The closest of `words` by edit distance, or nil when none is close: at most a third of the letters may differ,
    /// and at least one may.
    ///
    /// - Complexity: O(words · length²); for messages to people only.
    public static func of(_ word: String, in words: [String]) -> String? {
        let limit = max(1, word.count / 3)
        return words.map { ($0, distance(word, $0)) }.filter { $0.1 <= limit }.min { $0.1 < $1.1 }?.0
    }

    /// Levenshtein's edit distance.
    static func distance(_ left: String, _ right: String) -> Int {
        let right = Array(right)
        var previous = Array(0...right.count)
        for (row, letter) in left.enumerated() {
            var current = [row + 1]
            for (column, other) in right.enumerated() {
                current.append(
                    min(previous[column] + (letter == other ? 0 : 1), previous[column + 1] + 1, current[column] + 1))
            }
            previous = current
        }
        return previous[right.count]
    }
}
