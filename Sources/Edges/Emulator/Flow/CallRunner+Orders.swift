import SidetoneCallControl
import SidetoneModel
import SidetonePlatforms
import SidetonePlayback

extension CallRunner {
    /// Performs an action, or starts it.
    /// - Returns: the end of the call, if the action ends it.
    func perform(
        _ order: CallStateMachine.Action, group: inout DiscardingTaskGroup
    ) async throws -> CallEnd? {
        switch order {
        case .startStream(let stream): await open(stream, group: &group)
        case .stopStreams(let stopped):
            for index in streams.indices where stopped.contains(streams[index].stream) {
                try streams[index].stop(at: media.position)
            }
        case .record(let recording):
            await notify(.recordingAsked(recording), at: media.position, variables: flow.variables)
            if let problem = await recordingProblem { flow.recordingFailed(problem) }
        case .speak(let text):
            underWay += 1
            let (speech, rate) = (speech, media.sampleRate)
            group.addTask {
                // If synthesis fails, tones of the same length are played instead, and the call continues.
                let sound = try? await speech.speech(text, sampleRate: rate)
                await self.enqueue(.spoken(sound ?? ToneSpeech().speech(text, sampleRate: rate)))
            }
        case .sendDigits(let digits, let pauseMs):
            let keys = KeyTones.sequence(digits, pauseBeforeMs: pauseMs, sampleRate: media.sampleRate)
            for (first, tone) in keys.tones {
                media.play(tone, on: .outbound, at: media.position + first, isAlone: true)
            }
            flow.plays(keys.count, at: media.position)
        case .hold: media.isHeld = true
        case .resume: media.isHeld = false
        case .mute(let direction): media.mute(direction)
        case .unmute(let direction): media.unmute(direction)
        case .load(let redirect):
            underWay += 1
            let (network, request) = (network, setup.request(redirect, variables: flow.variables))
            group.addTask {
                do {
                    await self.enqueue(.loaded(try CallDocument.read(try await network.fetch(request))))
                } catch { await self.enqueue(.loadFailed("\(error)")) }
            }
        case .reportDigits(let gathered):
            await notify(.gathered(gathered), at: media.position, variables: flow.variables)
        case .end(let end): return end
        }
        return nil
    }

    private func open(
        _ stream: ActiveStream, group: inout DiscardingTaskGroup
    ) async {
        let place = streams.count
        do {
            let format = try StreamFormat(
                platform: setup.platform, codec: stream.request.codec, usual: setup.codec, callRate: media.sampleRate,
                packetMs: setup.packetMs)
            let start = StreamStart(
                streamID: setup.streamID(place + 1), callID: setup.call.id, accountID: setup.accountID,
                tracks: stream.request.tracks.roles, format: format.format,
                customParameters: stream.request.customParameters)
            let writer = try StreamWriter(
                platform: setup.platform, start: start, packetMs: format.packetMs, callRate: media.sampleRate)
            var live = LiveStream(stream: stream, started: media.position, writer: writer)
            if setup.faults.opensSecondSocket { live.echo = MessageFeed() }
            live.send(try live.writer.opening())
            streams.append(live)
            underWay += 1
            let startedAt = clock.deadline(at: Double(media.position) / Double(media.sampleRate))
            let (network, feed, echo) = (network, live.feed, live.echo)
            let faulted = faulted(place)
            group.addTask {
                var report = await network.play(
                    stream.request, startedAt: startedAt, opened: { await self.enqueue(.opened(place)) }
                ) { faulted(feed, 0) }
                feed.abandon()
                if echo != nil { report.faults.secondSockets += 1 }
                await self.enqueue(.ended(place, report))
            }
            if let echo {
                group.addTask {
                    _ = await network.play(stream.request, startedAt: startedAt, opened: {}) { faulted(echo, 1) }
                    echo.abandon()
                }
            }
        } catch {
            flow.streamFailed(stream)
            report.failures.append("stream \(stream.controlID): \(error)")
            await notify(
                .streamFailed(stream, failure: "\(error)"), at: media.position, variables: flow.variables)
        }
    }

    /// Applies the fault plan to a stream's messages.
    private func faulted(_ place: Int) -> @Sendable (MessageFeed, Int) -> any MessageSource {
        let (plan, seed, platform) = (setup.faults, setup.faultSeed, setup.platform)
        return { feed, socket in
            guard !plan.isEmpty else { return feed }
            return FaultedSource(
                feed, faults: FaultedMessages(plan: plan, seed: seed, number: place * 2 + socket, platform: platform))
        }
    }

    /// Applies the completion of an external operation.
    func handle(_ news: Completion) async {
        let position = media.position
        switch news {
        case .spoken(let sound):
            underWay -= 1
            media.play(sound, on: .outbound, at: position)
            flow.plays(Int64(sound.count), at: position)
        case .loaded(let document):
            underWay -= 1
            flow.loaded(document, at: position)
        case .loadFailed(let reason):
            underWay -= 1
            flow.loadFailed(reason, at: position)
        case .opened(let place):
            underWay -= 1
            streams[place].isOpen = true
            flow.streamStarted(streams[place].stream)
            await notify(.streamStarted(streams[place].stream), at: position, variables: flow.variables)
        case .ended(let place, let played):
            await ended(place, played: played, at: position)
        }
    }

    private func ended(_ place: Int, played: PlaybackResult, at position: Int64) async {
        let live = streams[place]
        streams[place].report = played
        streams[place].isStopped = true
        streams[place].ended = live.ended ?? position
        if !live.isOpen { underWay -= 1 }
        if !live.isStopped || !live.isOpen { flow.streamFailed(live.stream) }
        let kind: CallEvent.Kind =
            live.isOpen
            ? .streamFinished(live.stream, failure: played.failure)
            : .streamFailed(live.stream, failure: played.failure ?? "the receiver did not accept it")
        await notify(kind, at: position, variables: flow.variables)
    }
}
