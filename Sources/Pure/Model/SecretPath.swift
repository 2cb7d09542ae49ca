/// Paths of URLs as they may be shown.
public enum SecretPath {
    /// Components from this length may be secrets: platforms that send no header carry tokens in the path.
    private static let secretLength = 16

    /// The path with each long component replaced by `…`.
    public static func hidden(_ path: some StringProtocol) -> String {
        path.split(separator: "/", omittingEmptySubsequences: false)
            .map { $0.utf8.count >= secretLength ? "…" : String($0) }.joined(separator: "/")
    }
}
