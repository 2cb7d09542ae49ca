package import ArgumentParser
import SidetoneCallControl
import SidetoneConfiguration
import SidetoneJSON
import SidetoneWebSocket

/// Whom the commands that connect trust.
package struct TrustOptions: ParsableArguments {
    @Option(help: "A PEM file with the certificate authority to trust.")
    package var ca: String?

    @Flag(help: "Goes on with any certificate: for development only.")
    package var insecure = false

    package init() {}

    var trust: TLS.Trust {
        get throws(Diagnostics) { try TLS.Trust(ca: ca, insecure: insecure) }
    }
}

/// How the commands that send streams reach a receiver.
package struct ReceiverOptions: ParsableArguments {
    @Option(help: "The receiver's token; better in a file or in SIDETONE_BEARER, which no process list shows.")
    package var bearer: String?

    @Option(
        help: "A file with the receiver's token; or SIDETONE_BEARER, which documents take no further than this machine."
    )
    package var bearerFile: String?

    @OptionGroup package var trust: TrustOptions

    package init() {}

    /// Whether the token, if there is one, was not given for this command.
    var isTokenFromEnvironment: Bool { bearer == nil && bearerFile == nil }

    var token: Secret? {
        get throws(Diagnostics) {
            try SecretInput.token(
                bearer, file: bearerFile, environment: SystemInfo.environment("SIDETONE_BEARER"), option: "--bearer")
        }
    }
}

/// What the commands that ask a monitor show it.
struct MonitorOptions: ParsableArguments {
    @Option(help: "A file with the monitor's token; or SIDETONE_TOKEN.")
    var tokenFile: String?

    var token: Secret? {
        get throws(Diagnostics) {
            try SecretInput.token(
                file: tokenFile, environment: SystemInfo.environment("SIDETONE_TOKEN"), option: "--token")
        }
    }
}
