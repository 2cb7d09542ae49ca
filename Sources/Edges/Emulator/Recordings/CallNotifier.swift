package import SidetoneCallControl
package import SidetoneJSON
package import SidetonePlayback

/// Sends the webhooks and status callbacks of one emulated call, and records it.
///
///     let notifier = CallNotifier(sender: sender, webhookURL: url, secret: secret, recordings: store, wallClock: clock)
///     let report = await CallRunner(…, observers: [notifier], listeners: [notifier]).run()
package actor CallNotifier: CallEventHandler, MediaListener {
    private let sender: WebhookSender?
    private let webhookURL: String?
    private let secret: Secret?
    private let recordings: RecordingStore?
    private let wallClock: @Sendable () -> UTCTime
    private let sampleRate: Int

    private var lifecycle: CallLifecycle?
    private var variables = JSONObject()
    private var recording: (id: String, file: RecordingFile)?
    /// One sentence per failed recording.
    package private(set) var failures: [String] = []
    package private(set) var recordingProblem: String?
    /// The current state of the call; nil before it is created.
    package private(set) var call: WebhookCall?

    /// - Parameters:
    /// - sender: nil for no webhooks.
    /// - webhookURL: the receiver of MiniVoice's webhooks; nil for none. Status callbacks go to the URL of their
    ///   stream.
    ///   - secret: signs the webhooks; nil for none.
    /// - recordings: nil if recording is not available: `start_recording` then fails.
    ///   - sampleRate: of the call.
    package init(
        sender: WebhookSender?, webhookURL: String? = nil, secret: Secret? = nil, recordings: RecordingStore? = nil,
        sampleRate: Int = 8_000, wallClock: @escaping @Sendable () -> UTCTime
    ) {
        self.sender = sender
        self.webhookURL = webhookURL
        self.secret = secret
        self.recordings = recordings
        self.sampleRate = sampleRate
        self.wallClock = wallClock
    }

    package func handle(_ moment: CallEvent) {
        variables = JSONObject(
            moment.variables.sorted { $0.key < $1.key }.map { JSONMember($0.key, .text($0.value)) })
        switch moment.kind {
        case .created(let call):
            self.call = call
            lifecycle = CallLifecycle(call)
            happen(.created)
        case .answered: happen(.answered)
        case .streamStarted(let stream): notify(stream, state: .streaming, moment: moment)
        case .streamFinished(let stream, _): notify(stream, state: .finished, moment: moment)
        // A failed start has no state; `stream_result` reports it.
        case .streamFailed: break
        case .gathered(let data): happen(.gathered(data))
        case .recordingAsked(.start): recordingProblem = startRecording().problem
        case .recordingAsked(.stop): recordingProblem = stopRecording().problem
        case .completed:
            happen(.ended)
            finishRecording()
        case .failed(let error):
            happen(.failed(reason: error.message))
            finishRecording()
        }
    }

    package func handle(_ block: MediaBlock) {
        guard let (id, file) = recording else { return }
        do throws(RecordingError) { try file.append(block) } catch { discard(id, file: file, error: error) }
    }

    // MARK: Recording

    /// The result of a request to record.
    package enum RecordingAnswer: Sendable, Hashable {
        case done(Recording)
        case notActive
        case notStarted
        case failed(String)

        /// The reason of a failure; nil on success.
        var problem: String? {
            switch self {
            case .done: nil
            case .notActive: "the call is not active"
            case .notStarted: "the call is not being recorded"
            case .failed(let reason): reason
            }
        }
    }

    /// Starts a recording, and reports success or failure.
    package func startRecording() -> RecordingAnswer {
        guard var next = lifecycle, next.phase == .inProgress else {
            happen(.startRecording)
            return .notActive
        }
        let due = next.happen(.startRecording)
        guard due.first?.event == .recordingStarted, let call else {
            lifecycle = next
            send(due)
            return .failed("the call is already being recorded")
        }
        let id = next.recordingID
        do throws(RecordingError) {
            guard let recordings else {
                throw RecordingError(path: id, detail: "no folder for recordings: set --recordings")
            }
            recording = (id, try recordings.begin(id: id, call: call, sampleRate: sampleRate))
            lifecycle = next
            send(due)
            return recordings[id].map { .done($0) } ?? .notActive
        } catch {
            let lost = next.happen(.recordingLost)
            lifecycle = next
            send(lost)
            return .failed(error.detail)
        }
    }

    /// Ends the recording, and reports success or failure.
    package func stopRecording() -> RecordingAnswer {
        guard let phase = lifecycle?.phase, phase == .inProgress else { return .notActive }
        let isRecording = recording != nil
        happen(.stopRecording)
        guard isRecording, let id = recording?.id else { return .notStarted }
        finishRecording()
        guard let done = recordings?[id], done.status == "completed" else {
            return .failed("the recording's file could not be completed")
        }
        return .done(done)
    }

    /// Completes the file, and reports it.
    private func finishRecording() {
        guard let (id, file) = recording else { return }
        do throws(RecordingError) {
            try file.finish()
            recording = nil
            recordings?.complete(id, file: file)
            happen(.recordingReady)
        } catch { discard(id, file: file, error: error) }
    }

    private func discard(_ id: String, file: RecordingFile, error: RecordingError) {
        recording = nil
        file.abandon()
        recordings?.fail(id)
        failures.append("recording \(id): \(error)")
        happen(.recordingLost)
    }

    // MARK: Notifications

    private func happen(_ kind: CallLifecycle.Happening) {
        guard var next = lifecycle else { return }
        let due = next.happen(kind)
        lifecycle = next
        send(due)
    }

    private func send(_ due: [CallLifecycle.Due]) {
        let time = wallClock()
        for one in due {
            call?.status = one.call.status
            guard let sender, let webhookURL else { continue }
            sender.offer(
                OutgoingWebhook(one.webhook(at: time, variables: variables), to: webhookURL, secret: secret))
        }
    }

    private func notify(_ stream: ActiveStream, state: StreamStatus.State, moment: CallEvent) {
        guard let sender, let url = stream.request.statusURL else { return }
        var status = StreamStatus(
            callID: moment.callID, controlID: stream.controlID, state: state, url: stream.request.url)
        status.eventChannel = "swml:\(moment.callID)"
        status.timestamp = JSONNumber(Double(wallClock().unixMs) / 1_000)
        status.projectID = call?.customerID
        status.spaceID = call?.applicationID
        status.nodeID = call?.providerCallID ?? moment.callID
        status.segmentID = moment.callID
        status.name = stream.request.name
        sender.offer(OutgoingWebhook(status, to: url, method: stream.request.statusMethod))
    }
}
