package import ArgumentParser
import SidetoneCallControl
import SidetoneCodecs
import SidetonePlatforms

/// The options of `sidetone call`.
package struct CallOptions: ParsableArguments {
    @Option(help: "Stream URL of one receiver, wss:// or ws://.")
    package var url: String?

    @Option(name: .customLong("answer-url"), help: "URL that answers with the call's actions.")
    package var answerURL: String?

    @Option(help: "GET or POST; by default POST for signalwire, GET for the others (assumed).")
    package var answerMethod: String?

    @Option(help: "File with the call's actions: MiniVoice or SWML.")
    package var actions: String?

    @Option(help: "The caller's audio: a mono audio file.")
    package var inbound: String?

    @Option(help: "The audio that the caller hears: a mono audio file; speech of actions is mixed in.")
    package var outbound: String?

    @Option(
        help: "Keys that the caller presses: 1234 while digits are gathered, or 2.5:1,3.0:# at seconds of the call.")
    package var digits: String?

    @Option(help: "Seconds until the caller hangs up; by default the call ends with its actions and audio.")
    package var hangUpAfter: Double?

    @Option(help: "Speech synthesis: auto, espeak or tone.")
    package var speech: String = "auto"

    @Option(name: .customLong("call-id"), help: "The call's ID; by default a random one in the platform's format.")
    package var callID: String?

    @Option(help: "The caller's number, in webhooks and requests.")
    package var from: String = "+4930111222"

    @Option(help: "The called number.")
    package var to: String = "+4930111223"

    @Option(help: "The platform to emulate: \(PlatformCatalog.names).")
    package var platform: String = PlatformCatalog.standard.name

    @Option(
        help:
            "Codec where the document names none: \(CodecCatalog.names); by default the first that the platform streams."
    )
    package var codec: String?

    @Option(help: "Tracks to stream to --url: inbound, outbound or both.")
    package var track: String = "both"

    @Option(help: "Packet duration in milliseconds (1–1000).")
    package var packetMs: Int = 20

    @Option(help: "Playback speed: 1 is real time, max is as fast as the receiver accepts.")
    package var pace: String = "1"

    @Option(help: "Number of calls to play.")
    package var calls: Int = 1

    @Option(name: .customLong("stagger"), help: "Interval between the starts of calls, in milliseconds.")
    package var staggerMs: Int = 20

    @OptionGroup package var receiver: ReceiverOptions

    @Flag(help: "Allow documents to name this machine, even without TLS; for development only.")
    package var allowLoopback = false

    @Flag(help: "Allow documents to name private networks.")
    package var allowPrivate = false

    @Option(help: "Faults to inject, such as drop=2%,stall=2s@10s,no-stop,webhooks=duplicate+reorder.")
    package var fault: String = ""

    @Option(help: "Random seed that makes IDs and faults reproducible.")
    package var seed: UInt64?

    @Option(
        name: .customLong("webhook-url"),
        help: "URL of the webhook receiver; status callbacks go to the URL of their stream.")
    package var webhookURL: String?

    @Option(help: "File with the secret that signs webhooks; or set SIDETONE_WEBHOOK_SECRET.")
    package var webhookSecretFile: String?

    @Option(help: "File with the key that signs requests for SWML, as signalwire does; or set SIDETONE_SIGNING_KEY.")
    package var signingKeyFile: String?

    @Option(help: "Folder for recordings; without it, start_recording fails.")
    package var recordings: String?

    @Option(help: "HOST:PORT at which MiniVoice's REST API for calls and recordings is emulated.")
    package var listen: String?

    @Option(help: "File with the bearer token required by that API; or set SIDETONE_API_TOKEN.")
    package var apiTokenFile: String?

    @Option(name: .customLong("linger"), help: "Seconds for which the API remains available after the last call.")
    package var lingerS: Double = 0

    package init() {}

    package func validate() throws {
        guard ["inbound", "outbound", "both"].contains(track) else {
            throw ValidationError("--track is \"\(track)\"; expected inbound, outbound or both")
        }
        guard (1...1_000).contains(packetMs) else {
            throw ValidationError("--packet-ms is \(packetMs); expected 1…1000")
        }
        guard (1...100_000).contains(calls) else { throw ValidationError("--calls is \(calls); expected 1…100000") }
        guard (0...60_000).contains(staggerMs) else {
            throw ValidationError("--stagger is \(staggerMs); expected 0…60000")
        }
    }

    /// Whether the call follows a document, rather than streaming to one address.
    var followsDocument: Bool {
        url == nil || answerURL != nil || actions != nil || digits != nil || hangUpAfter != nil || webhookURL != nil
            || recordings != nil || listen != nil
    }

    /// The tracks of a stream to `url`.
    var tracks: StreamTracks { StreamTracks(rawValue: track) ?? .both }
}
