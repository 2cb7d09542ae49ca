package import Foundation
package import NIOCore
package import SidetoneCallControl
import SidetoneHTTP
package import SidetonePlatforms
package import SidetoneWebSocket

/// Diagnoses why a platform's stream does not arrive at a receiver: runs the checks in order, stops at the first that
/// fails, and suggests a fix.
///
///     let doctor = StreamDiagnosis(options, group: loops)
///     let report = await doctor.run { step in print(step.name, step.outcome, step.detail) }
package struct StreamDiagnosis: Sendable {
    /// The source of the call's document.
    package enum Document: Sendable {
        case bytes([UInt8])
        case answerURL(String)
    }

    /// What to diagnose; nil values are skipped.
    package struct Options: Sendable {
        package var document: Document?
        /// The method of requests to an `answer_url`; nil selects the platform's.
        package var answerMethod: WebMethod?
        /// The stream URL; nil selects the first one of the document.
        package var streamURL: String?
        /// Whether the token comes from the environment: hosts named by documents then receive it only on loopback.
        package var tokenIsFromEnvironment = false
        /// The bearer token; nil selects the document's, if any.
        package var token: Secret?
        package var trust: TLS.Trust = .system
        /// The platform whose dialect the probe uses; nil follows the document, or selects the default without one.
        package var platform: (any Platform.Type)?
        /// The receiver's output directory, in which the probe's files are expected.
        package var directory: String?
        /// The URL of the receiver's monitor, for its counters: `http://127.0.0.1:8080`.
        package var statusURL: String?
        /// The token of the monitor; nil if it requires none.
        package var statusToken: Secret?
        /// Reviews the logs of a past call; returns nil for an unknown call.
        package var review: (@Sendable () async throws -> CallReviewed?)?
        /// Whether a document may name this machine, or a private network.
        package var allowsLoopback = false
        package var allowsPrivate = false

        package init() {}

        /// The steps that these options select.
        var planned: [DiagnosisStep.Name] {
            var names: [DiagnosisStep.Name] = []
            if case .answerURL = document { names.append(.answer) }
            if document != nil { names.append(.actions) }
            if document != nil || streamURL != nil {
                names += [.url, .address, .connection, .tls, .certificate, .upgrade, .token, .media]
                if (directory != nil && review == nil) || statusURL != nil { names.append(.receiver) }
            }
            if review != nil { names.append(.times) }
            return names
        }
    }

    /// Time limit of each step.
    package struct Deadlines: Sendable {
        package var answer = TimeAmount.seconds(10)
        package var connection = TimeAmount.seconds(5)
        package var handshake = TimeAmount.seconds(5)
        package var upgrade = TimeAmount.seconds(10)
        /// From the open socket to its end, including one second of audio.
        package var media = TimeAmount.seconds(15)
        /// For the receiver's files and counters.
        package var receiver = TimeAmount.seconds(5)

        package init() {}
    }

    let options: Options
    let deadlines: Deadlines
    let group: any EventLoopGroup
    let now: @Sendable () -> Date

    /// - Parameter now: wall-clock time, for the validity of certificates.
    package init(
        _ options: Options, deadlines: Deadlines = Deadlines(), group: any EventLoopGroup,
        now: @escaping @Sendable () -> Date = { .now }
    ) {
        self.options = options
        self.deadlines = deadlines
        self.group = group
        self.now = now
    }

    /// Runs the checks.
    /// - Parameter report: receives each completed step.
    package func run(_ report: @escaping @Sendable (DiagnosisStep) -> Void = { _ in }) async -> DiagnosisReport {
        var walk = DiagnosisContext(report)
        do throws(DiagnosisContext.Broken) {
            let stream = try await stream(&walk)
            if let stream { try await examine(stream, walk: &walk) }
            if let review = options.review { try await examine(review, walk: &walk) }
        } catch {
            walk.finish(options.planned)
        }
        return walk.report
    }

    /// The stream to check, from the document or from the options; nil if neither is set.
    private func stream(_ walk: inout DiagnosisContext) async throws(DiagnosisContext.Broken) -> ProbedStream? {
        var stream: ProbedStream?
        if let document = options.document { stream = try await read(document, walk: &walk) }
        if let url = options.streamURL {
            stream = stream ?? ProbedStream(url: url, platform: PlatformCatalog.standard)
            stream?.url = url
            stream?.isNamedByUser = true
        }
        return stream.map { withOptions($0) }
    }

    /// The stream with the options applied.
    private func withOptions(_ stream: ProbedStream) -> ProbedStream {
        var stream = stream
        if let platform = options.platform { stream.platform = platform }
        if let token = options.token {
            // A document may name any host: a token that was not specified for it is sent on loopback only.
            let isMeant = !options.tokenIsFromEnvironment || stream.isNamedByUser || Self.isHere(stream.url)
            if isMeant { stream.token = token }
        }
        return stream
    }

    /// The same stream with the credentials of a second request to the `answer_url`; unchanged if that returns none.
    private func renewed(_ stream: ProbedStream) async throws(DiagnosisContext.Broken) -> ProbedStream {
        guard case .answerURL(let url) = options.document, options.streamURL == nil else { return stream }
        var silent = DiagnosisContext { _ in }
        do throws(DiagnosisContext.Broken) {
            let second = try await read(.answerURL(url), walk: &silent)
            return second.map { withOptions($0) } ?? stream
        } catch { return stream }
    }

    /// Whether an address names this machine.
    static func isHere(_ text: String) -> Bool {
        guard let host = try? WebSocketURL(text).host else { return false }
        return host.lowercased() == "localhost"
            || (try? SocketAddress(ipAddress: host, port: 0)).map { AddressKind($0) == .loopback } == true
    }

    private func examine(_ stream: ProbedStream, walk: inout DiagnosisContext) async throws(DiagnosisContext.Broken) {
        let url = try check(stream, &walk)
        let addresses = try await resolve(stream, walk: &walk)
        let address = try await connect(url, addresses: addresses, walk: &walk)
        if url.isSecure {
            try await shakeHands(url, address: address, walk: &walk)
        } else {
            walk.omit(.tls, .certificate)
        }
        try await upgrade(url, address: address, token: stream.token, walk: &walk)
        // The upgrade may have consumed a token that admits one stream.
        let fresh = try await renewed(stream)
        let probe = try await play(fresh, url: (try? WebSocketURL(fresh.url)) ?? url, address: address, walk: &walk)
        try await compare(probe, walk: &walk)
    }
}

/// The stream that is checked.
struct ProbedStream: Sendable {
    var url: String
    /// An address typed by the user may be private.
    var isNamedByUser = false
    var token: Secret?
    /// The call of the request for the document; nil without such a request.
    var callID: String?
    var customParameters: [String: String] = [:]
    var platform: any Platform.Type
}
