import SidetoneModel
import SidetonePipeline

extension CallStateStore {
    /// Sends every client of the live socket the changes since the last tick.
    ///
    /// - Parameter status: the state of the receiver as JSON, evaluated only if a client needs it.
    /// - Returns: the number of clients disconnected.
    func updateClients(_ sockets: [LiveSocket], at time: String, status: () -> [UInt8]) -> Int {
        guard !sockets.isEmpty || !clients.isEmpty else { return 0 }
        attach(sockets)
        var encoder = LiveMessageEncoder(tick: tick, time: time, rateHz: rateHz)
        var cut = 0
        let now = ContinuousClock.now
        for (id, client) in clients {
            send(client, encoder: &encoder, status: status)
            guard !client.flush(now: now) else { continue }
            clients[id] = nil
            cut += 1
        }
        for call in active.values { call.updates.clear() }
        for change in changes where !change.call.isActive {
            change.call.updates = PendingUpdates()
            change.call.watch = []
        }
        changes = []
        activeCallEvents = []
        tick += 1
        return cut
    }

    private func attach(_ sockets: [LiveSocket]) {
        var next: [ObjectIdentifier: LiveClientState] = [:]
        for socket in sockets {
            let client = clients[ObjectIdentifier(socket)] ?? LiveClientState(socket)
            client.refresh()
            next[ObjectIdentifier(socket)] = client
        }
        clients = next
        var watches: [String: SubscriptionOptions] = [:]
        for client in clients.values {
            for (id, watch) in client.subscription.calls { watches[id, default: []].formUnion(watch) }
        }
        var streams: [ObjectIdentifier: SubscriptionOptions] = [:]
        for call in active.values {
            call.watch = watches[call.id] ?? []
            if !call.watch.contains(.spectrum) { call.updates.stopSpectra() }
            guard !call.watch.isDisjoint(with: [.rows, .spectrum]) else { continue }
            for stream in call.streams where stream.summary == nil {
                streams[ObjectIdentifier(stream.info)] = call.watch
            }
        }
        subscriptions.replace(with: streams)
    }

    private func send(_ client: LiveClientState, encoder: inout LiveMessageEncoder, status: () -> [UInt8]) {
        if client.isNew {
            client.queue.enqueue("hello", body: encoder.hello())
            client.greeted()
        }
        if client.subscription.activeCalls { sendActiveCalls(client, encoder: &encoder, status: status) }
        for id in client.subscription.calls.keys { sendCall(id, client: client, encoder: &encoder) }
    }

    private func sendActiveCalls(_ client: LiveClientState, encoder: inout LiveMessageEncoder, status: () -> [UInt8]) {
        if client.sentSnapshots != client.subscription.snapshotRequests {
            client.sentSnapshots = client.subscription.snapshotRequests
            client.sentLevels = tick
            client.queue.enqueue(
                "active_calls",
                body: encoder.activeCalls(status: status(), calls: active.values.map { json(of: $0, withFiles: false) })
            )
            return
        }
        for change in changes {
            client.queue.enqueue(change.kind.rawValue, body: encoder.change(change, callStates: self))
        }
        for event in activeCallEvents { client.queue.enqueue("signal", body: encoder.signal(event)) }
        guard client.socket.isWritable else { return client.queue.skip("levels") }
        if let levels = encoder.levels(of: active.values, since: client.sentLevels) {
            client.queue.enqueue("levels", body: levels)
        }
        client.sentLevels = tick
        if tick.isMultiple(of: Int64(rateHz)) { client.queue.enqueue("status", body: encoder.status(status)) }
    }

    private func sendCall(_ id: String, client: LiveClientState, encoder: inout LiveMessageEncoder) {
        guard let watch = client.subscription.calls[id], let call = call(id) else { return }
        if client.calls[id] == nil {
            client.calls[id] = LiveClientState.CallProgress(
                watch: watch, steps: call.meters.map { $0?.course.end ?? 0 })
            client.queue.enqueue("call", body: encoder.call(call, callStates: self))
        }
        client.calls[id]?.watch = watch
        if !client.subscription.activeCalls {
            for change in changes where change.call === call && change.kind == .ended {
                client.queue.enqueue(change.kind.rawValue, body: encoder.change(change, callStates: self))
            }
        }
        sendUpdates(of: call, client: client, watch: watch, encoder: &encoder)
        guard call.isActive else { return }
        guard client.socket.isWritable else { return client.queue.skip("call") }
        if call.changed >= tick { client.queue.enqueue("call", body: encoder.call(call, callStates: self)) }
        sendTimeSeries(of: call, client: client, watch: watch, encoder: &encoder)
    }

    private func sendUpdates(
        of call: CallState, client: LiveClientState, watch: SubscriptionOptions, encoder: inout LiveMessageEncoder
    ) {
        for event in call.updates.events where !client.subscription.activeCalls || !isActiveCallEvent(event) {
            client.queue.enqueue("signal", body: encoder.signal(event))
        }
        if watch.contains(.log) {
            for entry in call.updates.log {
                client.queue.enqueue("log", body: encoder.log(entry, call: call.id, showsNumbers: showsNumbers))
            }
        }
        let isWritable = client.socket.isWritable
        if watch.contains(.rows) {
            for block in call.updates.rows {
                if isWritable {
                    client.queue.enqueue("rows", body: encoder.rows(block, call: call.id))
                } else {
                    client.queue.skip("rows")
                }
            }
        }
        if watch.contains(.spectrum) {
            for block in call.updates.spectra {
                if isWritable {
                    client.queue.enqueue("spectrum", body: encoder.spectrum(block, call: call.id))
                } else {
                    client.queue.skip("spectrum")
                }
            }
        }
    }

    /// Whether subscribers to the active calls receive it anyway.
    private func isActiveCallEvent(_ event: NumberedEvent) -> Bool { activeCallEvents.contains { $0 === event } }

    private func sendTimeSeries(
        of call: CallState, client: LiveClientState, watch: SubscriptionOptions, encoder: inout LiveMessageEncoder
    ) {
        for role in TrackRole.allCases {
            guard let course = call.meters[role.index]?.course, let sent = client.calls[call.id]?.steps[role.index],
                course.end > sent
            else { continue }
            let from = max(sent, course.first)
            client.queue.enqueue(
                "timeline",
                body: encoder.timeline(
                    course, range: from..<course.end, role: role, withWave: watch.contains(.wave), call: call.id))
            client.calls[call.id]?.steps[role.index] = course.end
        }
    }
}
