/// The word somebody probably meant: another case, a longer or shorter form, or a slip of the fingers.
package enum Suggestion {
    package static func of(_ word: String, in words: [String]) -> String? {
        guard word.utf8.count <= 64 else { return nil }
        let lower = word.lowercased()
        if let same = words.first(where: { $0.lowercased() == lower }) { return same }
        if let near = NearestWord.of(lower, in: words) { return near }
        guard lower.count >= 3 else { return nil }
        return words.first { $0.contains(lower) || (lower.contains($0) && $0.count >= 3) }
    }
}
