import ArgumentParser
import SidetoneAssembly
import SidetoneCallFlow
import SidetonePipeline

struct Call: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Plays a platform: streams the audio of calls to a receiver, as that platform would.")

    @Option(help: "The receiver's address, wss:// or ws://.")
    var url: String

    @Option(help: "What the caller says: a mono audio file.")
    var inbound: String?

    @Option(help: "What the caller hears: a mono audio file.")
    var outbound: String?

    @Option(help: "twilio, signalwire or minivoice (assumed).")
    var platform: String = "twilio"

    @Option(help: "pcmu, pcma or l16.")
    var codec: String = "pcmu"

    @Option(help: "Which tracks to stream: inbound, outbound or both.")
    var track: String = "both"

    @Option(help: "Milliseconds a packet, 1…1000.")
    var packetMs: Int = 20

    @Option(help: "1 is real time, max as fast as the receiver takes it.")
    var pace: String = "1"

    @Option(help: "How many calls to play.")
    var calls: Int = 1

    @Option(help: "From one call's start to the next one's, in milliseconds.")
    var stagger: Int = 20

    @Option(help: "What goes wrong on purpose, such as drop=2%,stall=2s@10s,no-stop.")
    var fault: String = ""

    @Option(help: "Repeats the faults: the same seed does the same.")
    var seed: UInt64 = 0

    @Option(help: "A bearer token for the upgrade; better in SIDETONE_BEARER, which no process list shows.")
    var bearer: String?

    @Option(help: "A PEM file with the certificate authority to trust.")
    var ca: String?

    @Flag(help: "Trusts any certificate: for development only.")
    var insecure = false

    @Option(help: "text or json.")
    var format: OutputFormat = .text

    func validate() throws {
        guard ["inbound", "outbound", "both"].contains(track) else {
            throw ValidationError("--track is \"\(track)\"; it takes inbound, outbound or both")
        }
        guard (1...1_000).contains(packetMs) else {
            throw ValidationError("--packet-ms is \(packetMs); it takes 1…1000")
        }
        guard (1...100_000).contains(calls) else { throw ValidationError("--calls is \(calls); it takes 1…100000") }
        guard (0...60_000).contains(stagger) else { throw ValidationError("--stagger is \(stagger); it takes 0…60000") }
    }

    func run() async throws {
        var options = CallRun.Options()
        options.url = url
        options.inbound = track == "outbound" ? nil : inbound
        options.outbound = track == "inbound" ? nil : outbound
        options.platform = platform
        options.codec = codec
        options.packetMs = packetMs
        options.pace = pace
        options.calls = calls
        options.staggerMs = stagger
        options.bearer = bearer ?? Machine.environment("SIDETONE_BEARER")
        options.fault = fault
        options.seed = seed
        options.ca = ca
        options.insecure = insecure
        let report = try await CallRun(options).run()
        switch format {
        case .text:
            Console.print(
                "calls \(report.calls), messages \(report.messages), bytes \(report.bytes); late p50 "
                    + "\(Machine.fixed(report.lateness.microseconds(at: 0.5) / 1_000, 1)) ms, p99 "
                    + "\(Machine.fixed(report.lateness.microseconds(at: 0.99) / 1_000, 1)) ms; failed \(report.failures.count)"
            )
            if !fault.isEmpty { Console.print("faults (seed \(seed)): \(report.faults)") }
        case .json:
            Console.print(
                "{\"calls\":\(report.calls),\"messages\":\(report.messages),\"bytes\":\(report.bytes),"
                    + "\"late_p50_ms\":\(Machine.fixed(report.lateness.microseconds(at: 0.5) / 1_000, 3)),"
                    + "\"late_p99_ms\":\(Machine.fixed(report.lateness.microseconds(at: 0.99) / 1_000, 3)),"
                    + faultsJSON(report) + "\"failed\":\(report.failures.count)}")
        }
        for failure in Set(report.failures).sorted() { Console.tell(failure) }
        if !report.failures.isEmpty { throw ExitCode(1) }
    }

    /// With a comma behind it; empty where nothing was to go wrong.
    private func faultsJSON(_ report: CallRun.Report) -> String {
        guard !fault.isEmpty else { return "" }
        let counts = report.faults.all.map { "\"\($0.name)\":\($0.count)" }.joined(separator: ",")
        return "\"seed\":\(seed),\"faults\":{\(counts)},"
    }
}
