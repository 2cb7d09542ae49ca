/// Redacts URL paths for display.
public enum SecretPath {
    /// Components of this length or more may be secrets: platforms that cannot send headers put tokens into the path.
    private static let secretLength = 16

    /// The path with each long component replaced by `…`.
    public static func hidden(_ path: some StringProtocol) -> String {
        path.split(separator: "/", omittingEmptySubsequences: false)
            .map { $0.utf8.count >= secretLength ? "…" : String($0) }.joined(separator: "/")
    }
}
