/// Finds the word that was probably meant.
public enum NearestWord {
    /// The closest of `words`: the same in another case, one edit or so away, or one that contains the other.
    ///
    /// At most a third of the letters may differ, and at least one may; a word that another begins with counts as one
    /// edit. Words over 64 bytes match nothing.
    ///
    /// - Complexity: O(words · length²); for error messages only.
    public static func of(_ word: String, in words: [String]) -> String? {
        guard !word.isEmpty, word.utf8.count <= 64 else { return nil }
        let lower = word.lowercased()
        if let same = words.first(where: { $0.lowercased() == lower }) { return same }
        let limit = max(1, lower.count / 3)
        let near = words.map { ($0, $0.hasPrefix(lower) ? min(1, distance(lower, $0)) : distance(lower, $0)) }
            .filter { $0.1 <= limit }.min { $0.1 < $1.1 }
        if let near { return near.0 }
        guard lower.count >= 3 else { return nil }
        return words.first { $0.contains(lower) || (lower.contains($0) && $0.count >= 3) }
    }

    /// `did you mean "twilio"?`, or nil where no word is close.
    public static func question(_ word: String, in words: [String]) -> String? {
        of(word, in: words).map { "did you mean \"\($0)\"?" }
    }

    /// The edit distance of Damerau (1964), each letter touched once: an extra, missing or wrong letter, or two
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
