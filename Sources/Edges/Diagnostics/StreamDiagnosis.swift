package import Foundation
package import NIOCore
package import SidetoneCallControl
import SidetoneHTTP
package import SidetonePlatforms
package import SidetoneWebSocket

/// Finds out why a platform's stream does not come to a receiver: walks the debug order, stops at the first step that is
/// broken, and says what to do.
///
///     let doctor = StreamDiagnosis(options, group: loops)
///     let report = await doctor.run { step in print(step.name, step.outcome, step.detail) }
package struct StreamDiagnosis: Sendable {
    /// Where the document of the call comes from.
    package enum Document: Sendable {
        case bytes([UInt8])
        case answerURL(String)
    }

    /// What is looked at; what is nil is not.
    package struct Options: Sendable {
        package var document: Document?
        /// How an `answer_url` is asked; nil: as the platform does.
        package var answerMethod: WebMethod?
        /// The stream's address; nil takes the first one of the document.
        package var streamURL: String?
        /// Whether the token comes from the environment: hosts that a document names then receive it only on loopback.
        package var tokenIsFromEnvironment = false
        /// The bearer token; nil takes the document's, where it has one.
        package var token: Secret?
        package var trust: TLS.Trust = .system
        /// Whose language the probe speaks; nil follows the document, and is the standard one without a document.
        package var platform: (any Platform.Type)?
        /// The folder of the receiver's sinks, where the probe's files are looked for.
        package var directory: String?
        /// The receiver's monitor, where its counters are read: `http://127.0.0.1:8080`.
        package var statusURL: String?
        /// The token that the monitor asks for; nil where it asks for none.
        package var statusToken: Secret?
        /// What the logs of a call that was show together; nil for a call that nobody knows.
        package var review: (@Sendable () async throws -> CallReviewed?)?
        /// Whether a document may lead to this machine, or to a private network.
        package var allowsLoopback = false
        package var allowsPrivate = false

        package init() {}

        /// The steps that these options ask for.
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

    /// How long each step may take.
    package struct Deadlines: Sendable {
        package var answer = TimeAmount.seconds(10)
        package var connection = TimeAmount.seconds(5)
        package var handshake = TimeAmount.seconds(5)
        package var upgrade = TimeAmount.seconds(10)
        /// From the open socket to its end; the audio takes one second of it.
        package var media = TimeAmount.seconds(15)
        /// For the receiver's files and counters to appear.
        package var receiver = TimeAmount.seconds(5)

        package init() {}
    }

    let options: Options
    let deadlines: Deadlines
    let group: any EventLoopGroup
    let now: @Sendable () -> Date

    /// - Parameter now: wall-clock time; certificates are held against it.
    package init(
        _ options: Options, deadlines: Deadlines = Deadlines(), group: any EventLoopGroup,
        now: @escaping @Sendable () -> Date = { .now }
    ) {
        self.options = options
        self.deadlines = deadlines
        self.group = group
        self.now = now
    }

    /// Walks.
    ///
    /// - Parameter tell: told each step when it is done.
    package func run(_ tell: @escaping @Sendable (DiagnosisStep) -> Void = { _ in }) async -> DiagnosisReport {
        var walk = DiagnosisContext(tell)
        do throws(DiagnosisContext.Broken) {
            let stream = try await stream(&walk)
            if let stream { try await examine(stream, walk: &walk) }
            if let review = options.review { try await examine(review, walk: &walk) }
        } catch {
            walk.finish(options.planned)
        }
        return walk.report
    }

    /// The stream to look at, from the document or from the options; nil where neither is given.
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

    /// The stream as the options have it.
    private func withOptions(_ stream: ProbedStream) -> ProbedStream {
        var stream = stream
        if let platform = options.platform { stream.platform = platform }
        if let token = options.token {
            // A document may name any host: a token that nobody gave for it goes no further than this machine.
            let isMeant = !options.tokenIsFromEnvironment || stream.isNamedByUser || Self.isHere(stream.url)
            if isMeant { stream.token = token }
        }
        return stream
    }

    /// The same stream with the credentials of a second request to the `answer_url`; as it was where that gives none.
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
        // The upgrade may have used up a token that admits one stream.
        let fresh = try await renewed(stream)
        let probe = try await play(fresh, url: (try? WebSocketURL(fresh.url)) ?? url, address: address, walk: &walk)
        try await compare(probe, walk: &walk)
    }
}

/// The stream that is looked at.
struct ProbedStream: Sendable {
    var url: String
    /// An address that the user typed needs no leave to be private.
    var isNamedByUser = false
    var token: Secret?
    /// The call that asked for the document; nil where no request named one.
    var callID: String?
    var customParameters: [String: String] = [:]
    var platform: any Platform.Type
}
