import SidetoneModel
import SidetonePipeline

extension CallBoard {
    /// Tells every client of the live socket what is new since the last turn.
    ///
    /// - Parameter status: the state of the receiver as JSON, asked for when a client needs it.
    /// - Returns: how many clients were cut off.
    func tellSockets(_ sockets: [LiveSocket], at time: String, status: () -> [UInt8]) -> Int {
        guard !sockets.isEmpty || !readers.isEmpty else { return 0 }
        meet(sockets)
        var words = LiveWords(turn: turn, time: time, rateHz: rateHz)
        var cut = 0
        let now = ContinuousClock.now
        for (id, reader) in readers {
            tell(reader, &words, status)
            guard !reader.flush(now: now) else { continue }
            readers[id] = nil
            cut += 1
        }
        for call in active.values { call.news.clear() }
        for change in changes where !change.call.isActive {
            change.call.news = CallNews()
            change.call.watch = []
        }
        changes = []
        fleetNews = []
        turn += 1
        return cut
    }

    private func meet(_ sockets: [LiveSocket]) {
        var next: [ObjectIdentifier: LiveReader] = [:]
        for socket in sockets {
            let reader = readers[ObjectIdentifier(socket)] ?? LiveReader(socket)
            reader.refresh()
            next[ObjectIdentifier(socket)] = reader
        }
        readers = next
        var watches: [String: CallWatch] = [:]
        for reader in readers.values {
            for (id, watch) in reader.wishes.calls { watches[id, default: []].formUnion(watch) }
        }
        var streams: [ObjectIdentifier: CallWatch] = [:]
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

    private func tell(_ reader: LiveReader, _ words: inout LiveWords, _ status: () -> [UInt8]) {
        if reader.isNew {
            reader.queue.tell("hello", words.hello())
            reader.greeted()
        }
        if reader.wishes.fleet { tellFleet(reader, &words, status) }
        for id in reader.wishes.calls.keys { tellCall(id, reader, &words) }
    }

    private func tellFleet(_ reader: LiveReader, _ words: inout LiveWords, _ status: () -> [UInt8]) {
        if reader.toldFleets != reader.wishes.fleetRequests {
            reader.toldFleets = reader.wishes.fleetRequests
            reader.toldLevels = turn
            reader.queue.tell(
                "fleet", words.fleet(status: status(), calls: active.values.map { json(of: $0, withFiles: false) }))
            return
        }
        for change in changes { reader.queue.tell(change.kind.rawValue, words.change(change, self)) }
        for event in fleetNews { reader.queue.tell("signal", words.signal(event)) }
        guard reader.socket.isWritable else { return reader.queue.skip("levels") }
        if let levels = words.levels(of: active.values, since: reader.toldLevels) {
            reader.queue.tell("levels", levels)
        }
        reader.toldLevels = turn
        if turn.isMultiple(of: Int64(rateHz)) { reader.queue.tell("status", words.status(status)) }
    }

    private func tellCall(_ id: String, _ reader: LiveReader, _ words: inout LiveWords) {
        guard let watch = reader.wishes.calls[id], let call = call(id) else { return }
        if reader.calls[id] == nil {
            reader.calls[id] = LiveReader.CallProgress(watch: watch, steps: call.meters.map { $0?.course.end ?? 0 })
            reader.queue.tell("call", words.call(call, self))
        }
        reader.calls[id]?.watch = watch
        if !reader.wishes.fleet {
            for change in changes where change.call === call && change.kind == .ended {
                reader.queue.tell(change.kind.rawValue, words.change(change, self))
            }
        }
        tellNews(of: call, reader, watch, &words)
        guard call.isActive else { return }
        guard reader.socket.isWritable else { return reader.queue.skip("call") }
        if call.changed >= turn { reader.queue.tell("call", words.call(call, self)) }
        tellCourse(of: call, reader, watch, &words)
    }

    private func tellNews(of call: CallState, _ reader: LiveReader, _ watch: CallWatch, _ words: inout LiveWords) {
        for event in call.news.events where !reader.wishes.fleet || !isFleetNews(event) {
            reader.queue.tell("signal", words.signal(event))
        }
        if watch.contains(.log) {
            for entry in call.news.log {
                reader.queue.tell("log", words.log(entry, call.id, showsNumbers: showsNumbers))
            }
        }
        let isWritable = reader.socket.isWritable
        if watch.contains(.rows) {
            for block in call.news.rows {
                if isWritable {
                    reader.queue.tell("rows", words.rows(block, call.id))
                } else {
                    reader.queue.skip("rows")
                }
            }
        }
        if watch.contains(.spectrum) {
            for block in call.news.spectra {
                if isWritable {
                    reader.queue.tell("spectrum", words.spectrum(block, call.id))
                } else {
                    reader.queue.skip("spectrum")
                }
            }
        }
    }

    /// Whether the fleet is told of it already.
    private func isFleetNews(_ event: NumberedEvent) -> Bool { fleetNews.contains { $0 === event } }

    private func tellCourse(
        of call: CallState, _ reader: LiveReader, _ watch: CallWatch, _ words: inout LiveWords
    ) {
        for role in TrackRole.allCases {
            guard let course = call.meters[role.index]?.course, let told = reader.calls[call.id]?.steps[role.index],
                course.end > told
            else { continue }
            let from = max(told, course.first)
            reader.queue.tell(
                "timeline", words.timeline(course, from..<course.end, role, watch.contains(.wave), call.id))
            reader.calls[call.id]?.steps[role.index] = course.end
        }
    }
}
