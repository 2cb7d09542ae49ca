import Logging
import SidetoneCallControl
import SidetoneConfiguration
import SidetonePlatforms
import SidetoneServer
import SidetoneSignatures
import SidetoneWebSocket

/// Creates the authenticators of upgrades; their files are reloaded when they change.
enum UpgradeAuthenticators {
    /// - Parameter tokenKey: verifies the call tokens that this process issues.
    /// - Throws: `Diagnostics` when a file cannot be read, or contains no token.
    static func make(
        _ settings: WebSocketSourceSettings, tokenKey: CallTokenKey, logger: Logger
    ) throws -> [any UpgradeAuthenticator] {
        var authenticators: [any UpgradeAuthenticator] = []
        if !settings.bearerTokenFile.isEmpty {
            let tokens = try tokens(settings.bearerTokenFile, setting: "bearer_token_file", logger: logger)
            authenticators.append(BearerTokenAuthenticator { tokens.value })
        }
        for platform in PlatformCatalog.all {
            guard let signature = platform.upgradeSignature, let file = settings.upgradeTokenFiles[platform.name]
            else { continue }
            let tokens = try tokens(file, setting: "\(platform.name)_token_file", logger: logger)
            switch signature {
            case .urlHMAC:
                authenticators.append(
                    TwilioUpgradeAuthenticator(publicURL: settings.publicURL) { tokens.value.map { Secret($0) } })
            }
        }
        if let callTokens = try CallTokens.authenticator(settings, tokenKey: tokenKey) {
            authenticators.append(callTokens)
        }
        return authenticators
    }

    private static func tokens(
        _ path: String, setting: String, logger: Logger
    ) throws -> ReloadedFiles<[String]> {
        try ReloadedFiles([path], name: "Tokens of \(setting)", logger: logger) {
            try BearerTokens.read(path, setting: setting)
        }
    }
}
