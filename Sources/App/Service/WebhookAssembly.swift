import Logging
import SidetoneCallControl
import SidetoneConfiguration
import SidetoneJSON
import SidetonePipeline
import SidetonePlatforms
import SidetoneSignatures
import SidetoneWebhooks

/// Creates the webhook receiver: reads its keys and documents.
enum WebhookAssembly {
    /// - Parameter tokenKey: the random key of this pipeline's per-call tokens.
    /// - Throws: `Diagnostics` when a file cannot be read, or is invalid.
    static func server(
        _ settings: WebhookSourceSettings, fanout: SinkFanout, tokenKey: CallTokenKey, logger: Logger
    ) throws(Diagnostics) -> WebhookServer {
        var keys: [String: [Secret]] = [:]
        for (platform, profile) in PlatformCatalog.withWebhooks {
            guard let path = settings.keyFiles[platform.name] else { continue }
            let setting = WebhookSourceSettings.keySetting(of: platform.name, profile: profile)
            keys[platform.name] = try BearerTokens.read(path, setting: setting).map { Secret($0) }
        }
        for platform in settings.allowUnsigned {
            logger.warning("Webhooks are accepted without a signature", metadata: ["platform": "\(platform)"])
        }
        if !fanout.kinds.contains(.logs) {
            logger.warning("No sink stores webhooks; add - log: { directory: out }")
        }
        return WebhookServer(
            settings: settings, keys: WebhookKeys(keys), documents: try documents(settings, tokenKey: tokenKey),
            fanout: fanout,
            now: WallClock.now, uptime: SteadyClock.now, logger: logger)
    }

    private static func documents(
        _ settings: WebhookSourceSettings, tokenKey: CallTokenKey
    ) throws(Diagnostics) -> AnswerDocuments? {
        guard !settings.answerDocuments.isEmpty else { return nil }
        var values: [String: String] = [:]
        if !settings.streamURL.isEmpty { values["stream_url"] = settings.streamURL }
        if let token = try BearerTokens.read(settings.streamTokenFile, setting: "stream_token_file").first {
            values["token"] = token
        }
        let key = try CallTokens.key(settings.callTokenKeyFile, orRandom: tokenKey)
        let issuer = CallTokenIssuer(key: key, lifetimeS: settings.callTokenLifetimeS, now: SteadyClock.now)
        let rules = try AnswersFile.read(
            settings.answerDocuments, values: values, allowsStaticSecrets: settings.requiresSignedAnswers)
        return AnswerDocuments(rules: rules, values: values, tokens: values["token"] == nil ? issuer : nil)
    }
}
