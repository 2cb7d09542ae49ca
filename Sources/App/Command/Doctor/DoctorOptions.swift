import ArgumentParser
import SidetonePlatforms

/// What `sidetone doctor` diagnoses, and how the receiver is reached.
struct DoctorOptions: ParsableArguments {
    @Option(help: "A document to look at: MiniVoice actions or SWML; - is standard input.")
    var actions: String?

    @Option(name: .customLong("answer-url"), help: "Where the document is fetched.")
    var answerURL: String?

    @Option(help: "GET or POST; signalwire posts, the others get (assumed).")
    var answerMethod: String?

    @Option(help: "The stream's address; instead of the document's.")
    var url: String?

    @Option(help: "The platform whose dialect the probe uses: \(PlatformCatalog.names).")
    var platform: String?

    @OptionGroup var receiver: ReceiverOptions

    @Option(help: "Where the receiver's sinks write: the probe's packets are counted there.")
    var directory: String?

    @Option(help: "The receiver's monitor, such as http://127.0.0.1:8080: its counters are compared.")
    var status: String?

    @OptionGroup var monitor: MonitorOptions

    @Option(help: "The id of a call that was: its logs in --directory are compared.")
    var call: String?

    @Flag(help: "Lets a document lead to this machine: for development.")
    var allowLoopback = false

    @Flag(help: "Lets a document lead to a private network.")
    var allowPrivate = false
}
