import ArgumentParser
import SidetonePlatforms

/// The options of `sidetone doctor`.
struct DoctorOptions: ParsableArguments {
    @Option(help: "Document to check: MiniVoice actions or SWML; - is standard input.")
    var actions: String?

    @Option(name: .customLong("answer-url"), help: "URL from which the document is fetched.")
    var answerURL: String?

    @Option(help: "GET or POST; by default POST for signalwire, GET for the others (assumed).")
    var answerMethod: String?

    @Option(help: "Stream URL; overrides that of the document.")
    var url: String?

    @Option(help: "Platform whose dialect the probe uses: \(PlatformCatalog.names).")
    var platform: String?

    @OptionGroup var receiver: ReceiverOptions

    @Option(help: "The receiver's output directory, in which the probe's packets are counted.")
    var directory: String?

    @Option(help: "URL of the receiver's monitor, such as http://127.0.0.1:8080, whose counters are compared.")
    var status: String?

    @OptionGroup var monitor: MonitorOptions

    @Option(help: "ID of a past call whose logs in --directory are compared.")
    var call: String?

    @Flag(help: "Allow a document to name this machine; for development only.")
    var allowLoopback = false

    @Flag(help: "Allow a document to name private networks.")
    var allowPrivate = false
}
