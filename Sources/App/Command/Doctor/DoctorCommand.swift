import NIOCore
import SidetoneCallControl
import SidetoneConfiguration
import SidetoneDiagnostics
import SidetoneJSON
import SidetonePlatforms
import SidetoneService
import SidetoneWebSocket

/// Diagnoses why a stream does not arrive, for `sidetone doctor`.
struct DoctorCommand: Sendable {
    private let options: StreamDiagnosis.Options

    /// - Throws: `Diagnostics` with every problem of the options.
    init(_ options: DoctorOptions) throws(Diagnostics) {
        var wrong: [String] = []
        var walk = StreamDiagnosis.Options()
        if options.actions != nil, options.answerURL != nil {
            wrong.append("--actions and --answer-url are both set; a call has one document: keep one")
        }
        if options.actions == nil, options.answerURL == nil, options.url == nil, options.call == nil {
            wrong.append("nothing to diagnose; specify --url, --actions, --answer-url, or --call with --directory")
        }
        if options.call != nil, options.directory == nil {
            wrong.append("--call requires --directory, the output directory of the receiver")
        }
        if let url = options.answerURL { walk.document = .answerURL(url) }
        if let method = options.answerMethod {
            walk.answerMethod = WebMethod(rawValue: method.uppercased())
            if walk.answerMethod == nil { wrong.append("--answer-method is \"\(method)\"; expected GET or POST") }
        }
        if let file = options.actions {
            let limit = DocumentLimits.standard.bytes + 1
            if let bytes = InputBytes.read(file, upTo: limit) {
                walk.document = .bytes(YAMLDocument.bytes(of: bytes))
            } else {
                wrong.append("--actions: \(file) cannot be read")
            }
        }
        if let name = options.platform {
            walk.platform = PlatformCatalog.named(name)
            if walk.platform == nil {
                wrong.append("--platform is \"\(name)\"; expected \(PlatformCatalog.names)")
            }
        }
        do throws(Diagnostics) { walk.trust = try options.receiver.trust.trust } catch {
            wrong.append("\(error)")
        }
        guard wrong.isEmpty else {
            throw Diagnostics(wrong.map { Diagnostic(file: "doctor", line: 1, wrong: $0) })
        }
        walk.token = try options.receiver.token
        walk.tokenIsFromEnvironment = options.receiver.isTokenFromEnvironment
        walk.streamURL = options.url
        walk.directory = options.directory
        walk.statusURL = options.status
        walk.statusToken = try options.monitor.token
        if let call = options.call, let directory = options.directory {
            let report = try CallsReport(directory: directory)
            walk.review = {
                try await report.call(call).map { CallReviewed(streams: $0.call.streams, findings: $0.call.findings) }
            }
        }
        walk.allowsLoopback = options.allowLoopback
        walk.allowsPrivate = options.allowPrivate
        self.options = walk
    }

    /// - Parameter report: receives each completed step.
    func run(_ report: @escaping @Sendable (DiagnosisStep) -> Void) async throws -> DiagnosisReport {
        try await EventLoops.with(threads: 1) { loops in
            await StreamDiagnosis(options, group: loops).run(report)
        }
    }

    /// One object: the steps, the problems of the document, and the platform's error.
    static func json(_ report: DiagnosisReport) -> String {
        var members: [JSONMember] = []
        if !report.findings.isEmpty { members.append(JSONMember("error", CheckReport.json(.answerURL))) }
        let steps = report.steps.map { step -> JSONValue in
            .object(
                JSONObject([
                    JSONMember("name", .text(step.name.rawValue)), JSONMember("outcome", .text(step.outcome.rawValue)),
                    JSONMember("detail", .text(step.detail)), JSONMember("advice", .text(step.advice)),
                ]))
        }
        members.append(JSONMember("steps", .list(steps)))
        members.append(JSONMember("findings", .list(CheckReport.json(report.findings))))
        return JSONWriter.text(of: .object(JSONObject(members)))
    }
}
