/// Finds the word that somebody probably meant.
public enum NearestWord {
    /// The closest of `words` by edit distance, or nil when none is close: at most a third of the letters may differ,
    /// and at least one may. A word that one begins with is as close as one letter.
    ///
    /// - Complexity: O(words · length²); for messages to people only.
    public static func of(_ word: String, in words: [String]) -> String? {
        let limit = max(1, word.count / 3)
        return words.map { ($0, !word.isEmpty && $0.hasPrefix(word) ? min(1, distance(word, $0)) : distance(word, $0)) }
            .filter { $0.1 <= limit }.min { $0.1 < $1.1 }?.0
    }

    /// The edit distance of Damerau (1964), each letter touched once: a letter too many, missing, wrong, or two
    /// neighbours in the wrong order.
    static func distance(_ left: String, _ right: String) -> Int {
        let left = Array(left)
        let right = Array(right)
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for row in left.indices {
            var current = [row + 1]
            for column in right.indices {
                var best = min(
                    last[column] + (left[row] == right[column] ? 0 : 1), last[column + 1] + 1, current[column] + 1)
                if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                    best = min(best, beforeLast[column - 1] + 1)
                }
                current.append(best)
            }
            beforeLast = last
            last = current
        }
        return last[right.count]
    }
}
