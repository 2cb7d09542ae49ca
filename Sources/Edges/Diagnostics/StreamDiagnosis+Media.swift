import NIOCore
import SidetoneCallControl
import SidetoneCodecs
import SidetoneModel
import SidetonePlatforms
import SidetonePlayback
import SidetoneWebSocket

/// Sends one second of audio on both tracks, as the platform would.
extension StreamDiagnosis {
    /// What the probe sent.
    struct Probe: Sendable {
        var callID: String
        /// Packets per track.
        var packets: Int
        var tracks: [TrackRole]
        var messages: Int
        /// The receiver's counters before the probe; nil without a monitor.
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
                } ?? PlaybackResult(failure: "the stream did not end in time")
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

/// Interprets the end of the probe's socket, with advice.
enum MediaAdvice {
    /// Whether the stream was accepted to its end, with any close code.
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
        case .reset: "reset by the receiver after stop"
        case .timeout: "ping timeout"
        case .violation: "frames that violate RFC 6455"
        case nil: "no end"
        }
    }

    static func warning(_ end: WebSocketEnd?) -> String? {
        switch end {
        case .closed(let code?, _) where code != 1_000 && code != 1_001:
            "the receiver reports the end of a stream as a failure: check its log"
        case .reset: "answer stop with a close frame (1000), or wait for that of the platform"
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
                "the receiver reset the connection \(sent)",
                "check its log for an internal error; a proxy's time limit has the same effect"
            )
        case .timeout:
            return ("the receiver does not answer pings", "keep reading while processing: its event loop is blocked")
        case .violation:
            return ("the receiver violates RFC 6455", "use an up-to-date WebSocket library in the receiver")
        case .local, nil:
            return (
                report.messages == 0
                    ? report.failure ?? "the stream could not be opened" : "the stream did not end in time \(sent)",
                "check the receiver's log"
            )
        }
    }

    /// RFC 6455 §7.4.1.
    private static func advice(closeCode: Int) -> String {
        switch closeCode {
        case 1_000, 1_001: "keep the stream open until stop: audio continues until then"
        case 1_002: "check the WebSocket library's settings: compression and extensions are not used"
        case 1_003: "accept text messages: the audio is in JSON"
        case 1_007: "decode the messages as UTF-8"
        case 1_008: "check which rule of the receiver the stream violates, such as a token in its start message"
        case 1_009: "accept messages of at least 64 kB"
        case 1_011: "check the receiver's log: an internal error ended the stream"
        default: "check the receiver's log, and select the --platform whose dialect it reads"
        }
    }
}
