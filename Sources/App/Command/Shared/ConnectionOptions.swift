package import ArgumentParser
import SidetoneCallControl
import SidetoneConfiguration
import SidetoneJSON
import SidetoneWebSocket

/// TLS options of commands that connect to a server.
package struct TrustOptions: ParsableArguments {
    @Option(help: "PEM file with the certificate authority to trust.")
    package var ca: String?

    @Flag(help: "Skip certificate verification; for development only.")
    package var insecure = false

    package init() {}

    var trust: TLS.Trust {
        get throws(Diagnostics) { try TLS.Trust(ca: ca, insecure: insecure) }
    }
}

/// Options of commands that send streams to a receiver.
package struct ReceiverOptions: ParsableArguments {
    @Option(help: "The receiver's token; a file or SIDETONE_BEARER is safer, because process lists show arguments.")
    package var bearer: String?

    @Option(
        help:
            "File with the receiver's token; or SIDETONE_BEARER, which is sent to hosts named by documents only on loopback."
    )
    package var bearerFile: String?

    @OptionGroup package var trust: TrustOptions

    package init() {}

    /// Whether a token, if any, comes from the environment rather than from this command's options.
    var isTokenFromEnvironment: Bool { bearer == nil && bearerFile == nil }

    var token: Secret? {
        get throws(Diagnostics) {
            try SecretInput.token(
                bearer, file: bearerFile, environment: SystemInfo.environment("SIDETONE_BEARER"), option: "--bearer")
        }
    }
}

/// Options of commands that query a monitor.
struct MonitorOptions: ParsableArguments {
    @Option(help: "File with the monitor's token; or set SIDETONE_TOKEN.")
    var tokenFile: String?

    var token: Secret? {
        get throws(Diagnostics) {
            try SecretInput.token(
                file: tokenFile, environment: SystemInfo.environment("SIDETONE_TOKEN"), option: "--token")
        }
    }
}
