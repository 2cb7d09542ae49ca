import SidetoneCallControl
import SidetoneConfiguration
import SidetoneJSON
import SidetonePipeline
import SidetoneServer
import SidetoneSignatures

/// Creates the issuer and verifier of per-call tokens.
enum CallTokens {
    /// - Parameter tokenKey: the random key of this process.
    /// - Returns: nil if the receiver accepts no call tokens.
    static func authenticator(
        _ source: WebSocketSourceSettings, tokenKey: CallTokenKey
    ) throws(Diagnostics) -> CallTokenAuthenticator? {
        guard source.callTokens != "none" else { return nil }
        return CallTokenAuthenticator(
            key: try key(source.callTokenKeyFile, orRandom: tokenKey), maxLifetimeS: source.callTokenLifetimeS,
            uses: source.callTokenUses, now: SteadyClock.now)
    }

    /// - Parameters:
    ///   - path: a file with one key per line; empty for a random key.
    ///   - random: the key of this process.
    /// - Throws: `Diagnostics` when the file cannot be read, or a key is too short to withstand guessing.
    static func key(
        _ path: String, setting: String = "call_token_key_file", orRandom random: CallTokenKey
    ) throws(Diagnostics) -> CallTokenKey {
        guard !path.isEmpty else { return random }
        let keys = try BearerTokens.read(path, setting: setting)
        guard keys.allSatisfy({ $0.utf8.count >= CallTokenKey.minKeyBytes }) else {
            throw Diagnostics(
                Diagnostic(
                    file: path, line: 1, path: setting,
                    wrong: "contains a key with fewer than \(CallTokenKey.minKeyBytes) characters; write the output of "
                        + "openssl rand -hex 32"))
        }
        return CallTokenKey(keys.map { Secret($0) })
    }
}
