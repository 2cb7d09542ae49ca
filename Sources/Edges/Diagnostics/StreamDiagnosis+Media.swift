import NIOCore
import SidetoneCallControl
import SidetoneCodecs
import SidetoneModel
import SidetonePlatforms
import SidetonePlayback
import SidetoneWebSocket

/// A second of audio on both tracks, as the platform would send it.
extension StreamDiagnosis {
    /// What was sent.
    struct Probe: Sendable {
        var callID: String
        /// Packets of each track.
        var packets: Int
        var tracks: [TrackRole]
        var messages: Int
        /// What the receiver's counters showed before; nil where they are not read.
        var before: Result<ReceiverCounters, NoCounters>?
    }

    func play(
        _ stream: ProbedStream, url: WebSocketURL, address: SocketAddress, walk: inout DiagnosisContext
    ) async throws(DiagnosisContext.Broken) -> Probe {
        let before = await counters()
        let ids = ProbeIDs(stream.platform)
        let callID = stream.callID ?? ids.call
        let start = StreamStart(
            streamID: ids.stream, callID: callID, accountID: ids.account,
            tracks: stream.platform.profile.channels.tracks,
            format: MediaFormat(
                encoding: stream.platform.standardFormat.encoding, sampleRate: ProbeAudio.sampleRate),
            customParameters: stream.customParameters)
        let headers = stream.token.map { [("Authorization", "Bearer \($0.value)")] } ?? []
        let platform = stream.platform
        let report: PlaybackResult
        do {
            var limits = WebSocketLimits()
            limits.handshake = deadlines.upgrade
            let client = try WebSocketClient(group: group, trust: options.trust, limits: limits)
            let player = MessagePlayer(
                client: client, url: url, addresses: [address], headers: headers, pace: .times(1))
            report =
                await within(deadlines.media) {
                    await player.play {
                        try RecordedStream(
                            platform: platform, start: start, inbound: ProbeAudio.inbound, outbound: ProbeAudio.outbound
                        )
                    }
                } ?? PlaybackResult(failure: "no end in time")
        } catch { report = PlaybackResult(failure: "\(error)") }
        if report.failure != nil || !MediaAdvice.isEnd(report.end) {
            let (detail, advice) = MediaAdvice.problem(report)
            throw walk.broken(.media, detail: detail, advice: advice)
        }
        let detail =
            "1 s of \(platform.profile.channels == .mixed ? "both sides, mixed" : "both tracks"), \(report.messages) messages; \(MediaAdvice.words(report.end))"
        if let advice = MediaAdvice.warning(report.end) {
            walk.warn(.media, detail: detail, advice: advice)
        } else {
            walk.pass(.media, detail: detail)
        }
        return Probe(
            callID: callID, packets: ProbeAudio.packets, tracks: platform.profile.channels.tracks,
            messages: report.messages, before: before)
    }
}

/// What the end of the probe's socket means, and what to do.
enum MediaAdvice {
    /// Whether the stream was let to its end, whatever was said then.
    static func isEnd(_ end: WebSocketEnd?) -> Bool {
        switch end {
        case .closed, .local, .reset: true
        case .timeout, .violation, nil: false
        }
    }

    static func words(_ end: WebSocketEnd?) -> String {
        switch end {
        case .closed(let code, _): "closed by the receiver after stop\(code.map { " with \($0)" } ?? "")"
        case .local: "open until it was closed after stop"
        case .reset: "cut by the receiver after stop"
        case .timeout: "no answer to a ping"
        case .violation: "frames that break RFC 6455"
        case nil: "no end"
        }
    }

    static func warning(_ end: WebSocketEnd?) -> String? {
        switch end {
        case .closed(let code?, _) where code != 1_000 && code != 1_001:
            "the receiver calls the end of a stream a failure: look into its log"
        case .reset: "answer stop with a close frame (1000), or wait for the platform's"
        default: nil
        }
    }

    static func problem(_ report: PlaybackResult) -> (detail: String, advice: String) {
        let sent = "after \(report.messages) messages"
        switch report.end {
        case .closed(let code, let reason):
            let stated = reason.isEmpty ? "" : ": \(reason)"
            return (
                "the receiver closed the stream \(sent)\(code.map { " with \($0)" } ?? "")\(stated)",
                advice(closeCode: code ?? 0)
            )
        case .reset:
            return (
                "the receiver cut the connection \(sent)",
                "look into its log for an error of its own; a proxy's time limit does the same"
            )
        case .timeout: return ("the receiver answers no ping", "let it read while it works: its loop is blocked")
        case .violation: return ("the receiver breaks RFC 6455", "use a WebSocket library there, and update it")
        case .local, nil:
            return (
                report.messages == 0
                    ? report.failure ?? "the stream could not be opened" : "the stream did not end in time \(sent)",
                "look into the receiver's log"
            )
        }
    }

    /// RFC 6455 §7.4.1.
    private static func advice(closeCode: Int) -> String {
        switch closeCode {
        case 1_000, 1_001: "keep the stream open until stop: audio goes on until then"
        case 1_002: "compare the WebSocket library's settings: compression and extensions are not used here"
        case 1_003: "take text messages: the audio is in JSON"
        case 1_007: "read the messages as UTF-8"
        case 1_008: "look for a rule of the receiver's that the stream breaks, such as a token in its start message"
        case 1_009: "take messages of at least 64 kB"
        case 1_011: "look into the receiver's log: an error of its own ended the stream"
        default: "look into the receiver's log, and choose the --platform whose language it reads"
        }
    }
}
