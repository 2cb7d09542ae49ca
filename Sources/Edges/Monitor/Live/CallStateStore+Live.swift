import SidetoneModel
import SidetonePipeline

extension CallStateStore {
    /// Tells every client of the live socket what is new since the last turn.
    ///
    /// - Parameter status: the state of the receiver as JSON, asked for when a client needs it.
    /// - Returns: how many clients were cut off.
    func updateClients(_ sockets: [LiveSocket], at time: String, status: () -> [UInt8]) -> Int {
        guard !sockets.isEmpty || !readers.isEmpty else { return 0 }
        attach(sockets)
        var words = LiveMessageEncoder(turn: turn, time: time, rateHz: rateHz)
        var cut = 0
        let now = ContinuousClock.now
        for (id, reader) in readers {
            send(reader, words: &words, status: status)
            guard !reader.flush(now: now) else { continue }
            readers[id] = nil
            cut += 1
        }
        for call in active.values { call.news.clear() }
        for change in changes where !change.call.isActive {
            change.call.news = PendingUpdates()
            change.call.watch = []
        }
        changes = []
        activeCallEvents = []
        turn += 1
        return cut
    }

    private func attach(_ sockets: [LiveSocket]) {
        var next: [ObjectIdentifier: LiveClientState] = [:]
        for socket in sockets {
            let reader = readers[ObjectIdentifier(socket)] ?? LiveClientState(socket)
            reader.refresh()
            next[ObjectIdentifier(socket)] = reader
        }
        readers = next
        var watches: [String: SubscriptionOptions] = [:]
        for reader in readers.values {
            for (id, watch) in reader.subscription.calls { watches[id, default: []].formUnion(watch) }
        }
        var streams: [ObjectIdentifier: SubscriptionOptions] = [:]
        for call in active.values {
            call.watch = watches[call.id] ?? []
            if !call.watch.contains(.spectrum) { call.news.stopSpectra() }
            guard !call.watch.isDisjoint(with: [.rows, .spectrum]) else { continue }
            for stream in call.streams where stream.summary == nil {
                streams[ObjectIdentifier(stream.info)] = call.watch
            }
        }
        attention.turn(to: streams)
    }

    private func send(_ reader: LiveClientState, words: inout LiveMessageEncoder, status: () -> [UInt8]) {
        if reader.isNew {
            reader.queue.enqueue("hello", body: words.hello())
            reader.greeted()
        }
        if reader.subscription.activeCalls { sendActiveCalls(reader, words: &words, status: status) }
        for id in reader.subscription.calls.keys { sendCall(id, reader: reader, words: &words) }
    }

    private func sendActiveCalls(_ reader: LiveClientState, words: inout LiveMessageEncoder, status: () -> [UInt8]) {
        if reader.sentSnapshots != reader.subscription.snapshotRequests {
            reader.sentSnapshots = reader.subscription.snapshotRequests
            reader.toldLevels = turn
            reader.queue.enqueue(
                "active_calls",
                body: words.activeCalls(status: status(), calls: active.values.map { json(of: $0, withFiles: false) }))
            return
        }
        for change in changes { reader.queue.enqueue(change.kind.rawValue, body: words.change(change, board: self)) }
        for event in activeCallEvents { reader.queue.enqueue("signal", body: words.signal(event)) }
        guard reader.socket.isWritable else { return reader.queue.skip("levels") }
        if let levels = words.levels(of: active.values, since: reader.toldLevels) {
            reader.queue.enqueue("levels", body: levels)
        }
        reader.toldLevels = turn
        if turn.isMultiple(of: Int64(rateHz)) { reader.queue.enqueue("status", body: words.status(status)) }
    }

    private func sendCall(_ id: String, reader: LiveClientState, words: inout LiveMessageEncoder) {
        guard let watch = reader.subscription.calls[id], let call = call(id) else { return }
        if reader.calls[id] == nil {
            reader.calls[id] = LiveClientState.CallProgress(
                watch: watch, steps: call.meters.map { $0?.course.end ?? 0 })
            reader.queue.enqueue("call", body: words.call(call, board: self))
        }
        reader.calls[id]?.watch = watch
        if !reader.subscription.activeCalls {
            for change in changes where change.call === call && change.kind == .ended {
                reader.queue.enqueue(change.kind.rawValue, body: words.change(change, board: self))
            }
        }
        sendUpdates(of: call, reader: reader, watch: watch, words: &words)
        guard call.isActive else { return }
        guard reader.socket.isWritable else { return reader.queue.skip("call") }
        if call.changed >= turn { reader.queue.enqueue("call", body: words.call(call, board: self)) }
        sendTimeSeries(of: call, reader: reader, watch: watch, words: &words)
    }

    private func sendUpdates(
        of call: CallState, reader: LiveClientState, watch: SubscriptionOptions, words: inout LiveMessageEncoder
    ) {
        for event in call.news.events where !reader.subscription.activeCalls || !isActiveCallEvent(event) {
            reader.queue.enqueue("signal", body: words.signal(event))
        }
        if watch.contains(.log) {
            for entry in call.news.log {
                reader.queue.enqueue("log", body: words.log(entry, call: call.id, showsNumbers: showsNumbers))
            }
        }
        let isWritable = reader.socket.isWritable
        if watch.contains(.rows) {
            for block in call.news.rows {
                if isWritable {
                    reader.queue.enqueue("rows", body: words.rows(block, call: call.id))
                } else {
                    reader.queue.skip("rows")
                }
            }
        }
        if watch.contains(.spectrum) {
            for block in call.news.spectra {
                if isWritable {
                    reader.queue.enqueue("spectrum", body: words.spectrum(block, call: call.id))
                } else {
                    reader.queue.skip("spectrum")
                }
            }
        }
    }

    /// Whether subscribers to the active calls receive it anyway.
    private func isActiveCallEvent(_ event: NumberedEvent) -> Bool { activeCallEvents.contains { $0 === event } }

    private func sendTimeSeries(
        of call: CallState, reader: LiveClientState, watch: SubscriptionOptions, words: inout LiveMessageEncoder
    ) {
        for role in TrackRole.allCases {
            guard let course = call.meters[role.index]?.course, let told = reader.calls[call.id]?.steps[role.index],
                course.end > told
            else { continue }
            let from = max(told, course.first)
            reader.queue.enqueue(
                "timeline",
                body: words.timeline(
                    course, range: from..<course.end, role: role, withWave: watch.contains(.wave), call: call.id))
            reader.calls[call.id]?.steps[role.index] = course.end
        }
    }
}
