import ArgumentParser
import SidetoneCallControl
import SidetoneCodecs
import SidetonePlatforms

/// Plays a platform. Two ways in:
///
///     sidetone call --url wss://127.0.0.1:8443/media --ca cert.pem --inbound Samples/calls/overtalk-inbound.wav
///     sidetone call --actions Samples/flows/minivoice/gather.json --digits '1234#' --platform minivoice --pace max
struct Call: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Plays a platform: carries out a call's actions, or streams its audio to one receiver.",
        discussion: """
            With --url, both tracks go to one receiver. With --answer-url or --actions, the call does what the document says: \
            MiniVoice actions or SWML, strictly in order, streams in the background.
            """)

    @Option(help: "One receiver's address, wss:// or ws://.")
    var url: String?

    @Option(help: "Where the call asks for its actions.")
    var answerUrl: String?

    @Option(help: "GET or POST; signalwire posts, the others get (assumed).")
    var answerMethod: String?

    @Option(help: "A file with the call's actions, MiniVoice's or SWML.")
    var actions: String?

    @Option(help: "What the caller says: a mono audio file.")
    var inbound: String?

    @Option(help: "What the caller hears: a mono audio file; actions speak over it.")
    var outbound: String?

    @Option(help: "Keys of the caller: 1234 while digits are gathered, or 2.5:1,3.0:# at seconds of the call.")
    var digits: String?

    @Option(help: "Seconds until the caller hangs up; else the call lasts as long as its actions and its audio.")
    var hangUpAfter: Double?

    @Option(help: "How texts are spoken: auto, espeak or tone.")
    var speech: String = "auto"

    @Option(help: "The call's id; else one in the platform's form, different every time.")
    var callId: String?

    @Option(help: "The caller's number, in webhooks and requests.")
    var from: String?

    @Option(help: "The number that was called.")
    var to: String?

    @Option(help: "The platform to emulate: \(PlatformCatalog.names).")
    var platform: String = PlatformCatalog.standard.name

    @Option(
        help: "\(CodecCatalog.names), where the document names none; else the first that the platform streams."
    )
    var codec: String?

    @Option(help: "Which tracks to stream to --url: inbound, outbound or both.")
    var track: String = "both"

    @Option(help: "Milliseconds a packet, 1…1000.")
    var packetMs: Int = 20

    @Option(help: "1 is real time, max as fast as the receiver takes it.")
    var pace: String = "1"

    @Option(help: "How many calls to play.")
    var calls: Int = 1

    @Option(help: "From one call's start to the next one's, in milliseconds.")
    var stagger: Int = 20

    @OptionGroup var receiver: ReceiverOptions

    @Flag(help: "Lets documents name this machine, also without TLS: for development only.")
    var allowLoopback = false

    @Flag(help: "Lets documents name private networks.")
    var allowPrivate = false

    @Option(help: "What goes wrong on purpose, such as drop=2%,stall=2s@10s,no-stop,webhooks=duplicate+reorder.")
    var fault: String = ""

    @Option(help: "A number that makes what is random, ids and faults, the same every time.")
    var seed: UInt64?

    @Option(help: "Where webhooks go; status callbacks go where their stream says.")
    var webhookUrl: String?

    @Option(help: "A file with the secret that signs webhooks; or SIDETONE_WEBHOOK_SECRET.")
    var webhookSecretFile: String?

    @Option(help: "A file with the key that signs requests for SWML, as signalwire does; or SIDETONE_SIGNING_KEY.")
    var signingKeyFile: String?

    @Option(help: "The folder of recordings; without one, start_recording fails.")
    var recordings: String?

    @Option(help: "HOST:PORT where requests about calls and recordings are answered, as MiniVoice's interface does.")
    var listen: String?

    @Option(help: "A file with the token that these requests must bring; or SIDETONE_API_TOKEN.")
    var apiTokenFile: String?

    @Option(help: "Seconds for which requests are answered after the last call.")
    var linger: Double = 0

    @Option(help: "text or json.")
    var format: OutputFormat = .text

    func validate() throws {
        guard ["inbound", "outbound", "both"].contains(track) else {
            throw ValidationError("--track is \"\(track)\"; expected inbound, outbound or both")
        }
        guard (1...1_000).contains(packetMs) else {
            throw ValidationError("--packet-ms is \(packetMs); expected 1…1000")
        }
        guard (1...100_000).contains(calls) else { throw ValidationError("--calls is \(calls); expected 1…100000") }
        guard (0...60_000).contains(stagger) else { throw ValidationError("--stagger is \(stagger); expected 0…60000") }
        guard url != nil || answerUrl != nil || actions != nil else {
            throw ValidationError("there is nothing to do; give --url, --answer-url or --actions")
        }
    }

    func run() async throws {
        let report: MediaCallCommand.Report
        var outcome: FlowCommand.Outcome?
        if options.followsDocument {
            let flows = try await FlowCommand(options).run { Console.log("listening on \($0)") }
            report = MediaCallCommand.Report(flows)
            outcome = flows
        } else {
            report = try await MediaCallCommand(options).run()
        }
        show(report, outcome: outcome)
        for failure in Set(report.failures).sorted() { Console.log(failure) }
        if !report.failures.isEmpty { throw ExitCode(1) }
    }
}
