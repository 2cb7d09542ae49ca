import NIOCore
import SidetoneCallControl
import SidetoneHTTP
import SidetoneJSON
import SidetoneWebSocket

/// The counters of a Sidetone receiver, read from its monitor.
struct ReceiverCounters: Sendable, Hashable {
    var messages: Int
    var refusedMessages: Int

    /// Parses the response of `GET /v1/status`.
    init(_ body: [UInt8]) throws(Diagnostics) {
        var findings = Diagnostics()
        guard case .object(let object)? = JSONReader.read(body, into: &findings) else { throw findings }
        var outer = FieldReader(object, .message)
        guard let receiver = outer.object("receiver", need: .required) else { throw outer.finish() }
        var fields = FieldReader(receiver, at: JSONPath().member("receiver"), .message)
        let messages = fields.whole("messages", need: .required, in: 0 ... .max)
        let refused = fields.whole("refused_messages", need: .required, in: 0 ... .max)
        guard let messages, let refused else { throw fields.finish() }
        self.messages = messages
        refusedMessages = refused
    }
}

/// Why there are no counters, with a remedy.
struct NoCounters: Error, Sendable, Hashable {
    var detail: String
    var advice: String

    init(
        _ detail: String,
        _ advice: String = "set --status to the address of its monitor sink, such as http://127.0.0.1:8080"
    ) {
        self.detail = "the receiver's monitor: \(detail)"
        self.advice = advice
    }
}

extension StreamDiagnosis {
    /// The current counters; nil without a monitor.
    func counters() async -> Result<ReceiverCounters, NoCounters>? {
        guard let base = options.statusURL else { return nil }
        do throws(NoCounters) { return .success(try await counters(at: base)) } catch { return .failure(error) }
    }

    func counters(at base: String) async throws(NoCounters) -> ReceiverCounters {
        let gate = AddressGuard(allowsLoopback: true, allowsPrivate: true)
        let client = GuardedHTTPClient(gate: gate, tls: TLS.clientConfiguration(options.trust), group: group)
        let url = (base.hasSuffix("/") ? String(base.dropLast()) : base) + "/v1/status"
        let headers = options.statusToken.map { [("Authorization", "Bearer \($0.value)")] } ?? []
        let result: Result<WebAnswer, WebError>
        do throws(WebError) { result = .success(try await client.send(WebRequest("GET", url, headers: headers))) } catch
        {
            result = .failure(error)
        }
        await client.close()
        let answer: WebAnswer
        do throws(WebError) { answer = try result.get() } catch { throw NoCounters(error.detail) }
        if answer.status == 401 {
            throw options.statusToken == nil
                ? NoCounters("it requires a token", "set --token-file FILE, or SIDETONE_TOKEN")
                : NoCounters("it rejects the token", "compare the token with its token_file")
        }
        guard answer.isSuccess else { throw NoCounters("/v1/status answered \(answer.status)") }
        do throws(Diagnostics) { return try ReceiverCounters(answer.body) } catch {
            throw NoCounters("the response of /v1/status is not from Sidetone's monitor")
        }
    }
}
