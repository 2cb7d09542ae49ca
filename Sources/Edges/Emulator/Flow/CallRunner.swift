import SidetoneCallControl
import SidetoneModel
import SidetonePipeline
import SidetonePlatforms
package import SidetonePlayback

/// Runs one emulated call: performs the actions of its state machine with audio, sockets and a clock.
///
///     let report = await CallRunner(setup, network: network, speech: ToneSpeech(), clock: PacedClock(.times(1))).run()
package actor CallRunner {
    let setup: CallConfiguration
    let network: any CallNetwork
    let speech: any SpeechMaker
    let clock: any CallClock
    private let observers: [any CallEventHandler]
    private let listeners: [any MediaListener]

    /// The completion of an external operation.
    enum Completion: Sendable {
        case spoken([Int16])
        case loaded(CallDocument)
        case loadFailed(String)
        /// The stream's index in `streams`.
        case opened(Int)
        case ended(Int, PlaybackResult)
    }
    private var news: [Completion] = []
    private let newsCame = WakeSignal()
    /// Pending operations that must complete before a paused call continues.
    var underWay = 0

    var flow = CallStateMachine(.actions(ActionDocument([])), sampleRate: 8_000, audioEnd: 0)
    var media = CallMedia(sampleRate: 8_000, inbound: nil, outbound: nil)
    var streams: [LiveStream] = []
    var report: FlowReport
    private var keys: KeyScript
    /// Keys whose tone is playing, with the position of its end.
    private var held: [(end: Int64, key: Character)] = []

    /// - Parameters:
    /// - observers: receive every event.
    /// - listeners: receive all audio.
    package init(
        _ setup: CallConfiguration, network: any CallNetwork, speech: any SpeechMaker, clock: any CallClock,
        observers: [any CallEventHandler] = [], listeners: [any MediaListener] = []
    ) {
        self.setup = setup
        self.network = network
        self.speech = speech
        self.clock = clock
        self.observers = observers
        self.listeners = listeners
        keys = setup.keys
        report = FlowReport(callID: setup.call.id)
    }

    /// Runs the call from its creation until all its operations have ended. May be called once.
    package func run() async -> FlowReport {
        await notify(.created(setup.call), at: 0)
        do {
            let document = try await firstDocument()
            media = try setup.makeMedia()
            report.sampleRate = media.sampleRate
            flow = CallStateMachine(
                document, sampleRate: media.sampleRate, audioEnd: media.end,
                hangUpAt: setup.hangUpAfter.map { Int64($0 * Double(media.sampleRate)) },
                callFacts: setup.platform.documentFacts(of: setup.call))
            await notify(.answered, at: 0)
            let end = await withDiscardingTaskGroup { group in
                let end = await converse(&group)
                await hangUp()
                return end
            }
            await conclude(end)
        } catch let error as PlatformError {
            await finish(.failed(error))
        } catch {
            await finish(.failed(PlatformError(code: "call_failed", message: "\(error)")))
        }
        return report
    }

    private func firstDocument() async throws -> CallDocument {
        switch setup.beginning {
        case .document(let document): return document
        case .answerURL(let request):
            do { return try CallDocument.read(try await network.fetch(request)) } catch {
                throw PlatformError(code: PlatformError.answerURL.code, message: "\(error)")
            }
        }
    }

    // MARK: The active call

    /// Runs from the answer to the last action and the end of the audio.
    private func converse(
        _ group: inout DiscardingTaskGroup
    ) async -> CallEnd {
        let tick = media.sampleRate * (setup.packetMs.isMultiple(of: 20) ? 20 : 10) / 1_000
        clock.start()
        do {
            while true {
                await drainCompletions()
                while let order = flow.next(at: media.position) {
                    if let end = try await perform(order, group: &group) { return end }
                    while clock.standsStill, underWay > 0, !Task.isCancelled {
                        await someNews()
                        await drainCompletions()
                    }
                }
                press()
                try await clock.wait(until: Double(media.position + Int64(tick)) / Double(media.sampleRate))
                let block = try media.next(tick)
                for listener in listeners { await listener.handle(block) }
                try await send(block)
                try notice(at: media.position)
            }
        } catch {
            return .failed(PlatformError(code: "call_failed", message: "\(error)"))
        }
    }

    private func send(_ block: MediaBlock) async throws {
        for index in streams.indices where !streams[index].isStopped {
            streams[index].send(try streams[index].writer.append(block))
            guard clock.standsStill else { continue }
            for feed in streams[index].feeds { await feed.room() }
        }
    }

    /// The caller presses a key: its tone starts.
    private func press() {
        guard
            let key = keys.press(at: media.position, sampleRate: media.sampleRate, isGathering: flow.isGathering)
        else { return }
        let tone = KeyTones.tone(key, sampleRate: media.sampleRate, ms: Int(KeyScript.heldMs))
        media.play(tone, on: .inbound, at: media.position, isAlone: true)
        held.append((media.position + Int64(tone.count), key))
    }

    /// The platform detects a key when its tone has ended.
    private func notice(at position: Int64) throws {
        while let first = held.first, position >= first.end {
            held.removeFirst()
            flow.press(first.key, at: position)
            for index in streams.indices where !streams[index].isStopped {
                streams[index].send(try streams[index].writer.digit(first.key, heldMs: Int(KeyScript.heldMs)))
            }
        }
    }

    // MARK: The end

    /// Time limit for streams to report their end after the call was cancelled.
    private static let hangUpPatience = Duration.seconds(2)

    /// Ends all active streams, and waits for them.
    private func hangUp() async {
        for index in streams.indices { try? streams[index].stop(at: media.position) }
        let patience = ContinuousClock.now + Self.hangUpPatience
        while streams.contains(where: { $0.report == nil }) {
            if Task.isCancelled {
                // The streams are cancelled as well and report soon; a wait in this cancelled task would end
                // immediately.
                guard ContinuousClock.now < patience else { break }
                await Task { try? await Task.sleep(for: .milliseconds(10)) }.value
            } else {
                await someNews()
            }
            await drainCompletions()
        }
        report.variables = flow.variables
    }

    private func conclude(_ end: CallEnd) async {
        report.actions = flow.actions
        let rate = Double(media.sampleRate)
        report.seconds = Double(media.position) / rate
        for live in streams {
            let play = live.report ?? PlaybackResult()
            report.streams.append(
                FlowReport.Stream(
                    controlID: live.stream.controlID, url: live.stream.request.url, tracks: live.stream.request.tracks,
                    started: Double(live.started) / rate, ended: Double(live.ended ?? media.position) / rate, play: play
                )
            )
            if let failure = play.failure { report.failures.append("stream \(live.stream.controlID): \(failure)") }
        }
        for action in flow.actions {
            // The action that ended the call is reported as its end.
            guard case .failed(let why) = action.outcome, end.failure != why else { continue }
            report.failures.append("\(action.name): \(why)")
        }
        await finish(end, at: media.position)
    }

    private func finish(_ end: CallEnd, at position: Int64 = 0) async {
        switch end {
        case .completed(let reason):
            report.reason = reason
            await notify(.completed(reason: reason), at: position)
        case .failed(let error):
            report.status = "failed"
            report.reason = error.message
            report.failures.append("\(error.code): \(error.message)")
            await notify(.failed(error), at: position)
        }
    }

    // MARK: Events

    func notify(_ kind: CallEvent.Kind, at position: Int64, variables: [String: String] = [:]) async {
        if !variables.isEmpty { report.variables = variables }
        let moment = CallEvent(
            callID: setup.call.id, position: position, variables: report.variables, kind: kind)
        for observer in observers { await observer.handle(moment) }
    }

    /// Why the observers cannot record.
    var recordingProblem: String? {
        get async {
            for observer in observers {
                if let problem = await observer.recordingProblem { return problem }
            }
            return nil
        }
    }

    /// Called by a completed operation.
    func enqueue(_ item: Completion) {
        news.append(item)
        newsCame.signal()
    }

    private func someNews() async {
        while news.isEmpty, !Task.isCancelled { await newsCame.wait() }
    }

    private func drainCompletions() async {
        while !news.isEmpty { await handle(news.removeFirst()) }
    }
}
