import Logging
import SidetoneCallControl
import SidetonePipeline
import SidetoneWebhooks

/// Builds the receiver of webhooks: reads its keys and its documents.
enum WebhookAssembly {
    /// - Throws: `SettingsError` when a file cannot be read, or holds what it should not.
    static func server(
        _ settings: WebhookSourceSettings, fanout: SinkFanout, logger: Logger
    ) throws(SettingsError) -> WebhookServer {
        var keys: [Platform: [Secret]] = [:]
        let files = [
            (Platform.minivoice, settings.minivoiceSecretFile, "minivoice_secret_file"),
            (.signalwire, settings.signalwireKeyFile, "signalwire_key_file"),
            (.twilio, settings.twilioTokenFile, "twilio_token_file"),
        ]
        for (platform, path, setting) in files where !path.isEmpty {
            keys[platform] = try BearerTokens.read(path, setting).map { Secret($0) }
        }
        for platform in settings.unsigned {
            logger.warning("Webhooks are taken without a signature", metadata: ["platform": "\(platform)"])
        }
        var values: [String: String] = [:]
        if !settings.streamURL.isEmpty { values["stream_url"] = settings.streamURL }
        if let token = try BearerTokens.read(settings.streamTokenFile, "stream_token_file").first {
            values["token"] = token
        }
        let rules = settings.answers.isEmpty ? nil : try AnswersFile.read(settings.answers, values: values)
        return WebhookServer(
            settings: settings, keys: WebhookKeys(keys), answers: rules, values: values, fanout: fanout,
            now: WallClock.now, logger: logger)
    }
}
