package import ArgumentParser
import SidetoneCallControl
import SidetoneCodecs
import SidetonePlatforms

/// What `sidetone call` plays, and to whom.
package struct CallOptions: ParsableArguments {
    @Option(help: "One receiver's address, wss:// or ws://.")
    package var url: String?

    @Option(name: .customLong("answer-url"), help: "Where the call asks for its actions.")
    package var answerURL: String?

    @Option(help: "GET or POST; signalwire posts, the others get (assumed).")
    package var answerMethod: String?

    @Option(help: "A file with the call's actions, MiniVoice's or SWML.")
    package var actions: String?

    @Option(help: "What the caller says: a mono audio file.")
    package var inbound: String?

    @Option(help: "What the caller hears: a mono audio file; actions speak over it.")
    package var outbound: String?

    @Option(help: "Keys of the caller: 1234 while digits are gathered, or 2.5:1,3.0:# at seconds of the call.")
    package var digits: String?

    @Option(help: "Seconds until the caller hangs up; else the call lasts as long as its actions and its audio.")
    package var hangUpAfter: Double?

    @Option(help: "How texts are spoken: auto, espeak or tone.")
    package var speech: String = "auto"

    @Option(name: .customLong("call-id"), help: "The call's id; else one in the platform's form, different every time.")
    package var callID: String?

    @Option(help: "The caller's number, in webhooks and requests.")
    package var from: String = "+4930111222"

    @Option(help: "The number that was called.")
    package var to: String = "+4930111223"

    @Option(help: "The platform to emulate: \(PlatformCatalog.names).")
    package var platform: String = PlatformCatalog.standard.name

    @Option(
        help: "\(CodecCatalog.names), where the document names none; else the first that the platform streams."
    )
    package var codec: String?

    @Option(help: "Which tracks to stream to --url: inbound, outbound or both.")
    package var track: String = "both"

    @Option(help: "Milliseconds a packet, 1…1000.")
    package var packetMs: Int = 20

    @Option(help: "1 is real time, max as fast as the receiver takes it.")
    package var pace: String = "1"

    @Option(help: "How many calls to play.")
    package var calls: Int = 1

    @Option(name: .customLong("stagger"), help: "From one call's start to the next one's, in milliseconds.")
    package var staggerMs: Int = 20

    @OptionGroup package var receiver: ReceiverOptions

    @Flag(help: "Lets documents name this machine, also without TLS: for development only.")
    package var allowLoopback = false

    @Flag(help: "Lets documents name private networks.")
    package var allowPrivate = false

    @Option(help: "What goes wrong on purpose, such as drop=2%,stall=2s@10s,no-stop,webhooks=duplicate+reorder.")
    package var fault: String = ""

    @Option(help: "A number that makes what is random, ids and faults, the same every time.")
    package var seed: UInt64?

    @Option(name: .customLong("webhook-url"), help: "Where webhooks go; status callbacks go where their stream says.")
    package var webhookURL: String?

    @Option(help: "A file with the secret that signs webhooks; or SIDETONE_WEBHOOK_SECRET.")
    package var webhookSecretFile: String?

    @Option(help: "A file with the key that signs requests for SWML, as signalwire does; or SIDETONE_SIGNING_KEY.")
    package var signingKeyFile: String?

    @Option(help: "The folder of recordings; without one, start_recording fails.")
    package var recordings: String?

    @Option(help: "HOST:PORT where requests about calls and recordings are answered, as MiniVoice's interface does.")
    package var listen: String?

    @Option(help: "A file with the token that these requests must bring; or SIDETONE_API_TOKEN.")
    package var apiTokenFile: String?

    @Option(name: .customLong("linger"), help: "Seconds for which requests are answered after the last call.")
    package var lingerS: Double = 0

    package init() {}

    package func validate() throws {
        guard ["inbound", "outbound", "both"].contains(track) else {
            throw ValidationError("--track is \"\(track)\"; it takes inbound, outbound or both")
        }
        guard (1...1_000).contains(packetMs) else {
            throw ValidationError("--packet-ms is \(packetMs); it takes 1…1000")
        }
        guard (1...100_000).contains(calls) else { throw ValidationError("--calls is \(calls); it takes 1…100000") }
        guard (0...60_000).contains(staggerMs) else {
            throw ValidationError("--stagger is \(staggerMs); it takes 0…60000")
        }
        guard url != nil || answerURL != nil || actions != nil else {
            throw ValidationError("there is nothing to do; give --url, --answer-url or --actions")
        }
    }

    /// Whether there is more to do than to stream to one address.
    var followsDocument: Bool {
        url == nil || answerURL != nil || actions != nil || digits != nil || hangUpAfter != nil || webhookURL != nil
            || recordings != nil || listen != nil
    }

    /// The tracks of a stream to `url`.
    var tracks: StreamTracks { StreamTracks(rawValue: track) ?? .both }
}
