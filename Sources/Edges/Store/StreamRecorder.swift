import Foundation
import SidetoneJSON
import SidetoneModel
import SidetonePipeline
import SidetoneTracks

/// Turns the outputs of streams into records. It keeps state of open streams only.
struct StreamRecorder {
    private struct Stream {
        /// Keeps the stream's object identifier from being reused.
        let info: StreamInfo
        let number: Int64
        /// Whether its opening was accepted; otherwise nothing of it is stored.
        let isStored: Bool
        var signals: Int64 = 0
        var pieces: [OverviewPieces?] = [nil, nil]
        var folder: [String]?
    }

    /// A stream that ended and whose folder has not been read yet.
    struct Ended {
        let info: StreamInfo
        let number: Int64
        var hasFolder: Bool
    }

    private let keepsNumbers: Bool
    private let keepsOverview: Bool
    private let keepsWaveform: Bool
    private var next: Int64
    private var open: [ObjectIdentifier: Stream] = [:]
    /// The streams that ended since the last call of `drainEnded`.
    private var ended: [Ended] = []
    private let amendments = SummaryAmendments()
    private var json = JSONWriter()

    /// - Parameter next: the number of the next stream.
    init(keepsNumbers: Bool, keepsOverview: Bool, keepsWaveform: Bool, next: Int64) {
        self.keepsNumbers = keepsNumbers
        self.keepsOverview = keepsOverview
        self.keepsWaveform = keepsWaveform
        self.next = next
    }

    /// How many streams are open.
    var openCount: Int { open.count }

    mutating func process(_ item: PipelineItem, spool: inout StoreSpool) {
        switch item {
        case .log(let entry): process(entry, spool: &spool)
        case .stream(let stream, .opened): begin(stream, spool: &spool)
        case .stream(let stream, .ended(let summary)): end(stream, summary: summary, spool: &spool)
        case .stream(let stream, let output):
            let id = ObjectIdentifier(stream)
            guard let isStored = open[id]?.isStored else { return }
            guard isStored else {
                if case .signal = output { spool.refuse() }
                return
            }
            switch output {
            case .track(let info): begin(info, id: id, spool: &spool)
            case .step(let step): process(step, id: id, spool: &spool)
            case .signal(let signal): report(signal, id: id, spool: &spool)
            case .opened, .ended, .rows, .samples, .message, .health: break
            }
        }
    }

    /// The streams that ended since the last call.
    mutating func drainEnded() -> [Ended] {
        defer { ended = [] }
        return ended
    }

    /// Writes anew the summaries of streams of which something was lost after their end.
    mutating func amend(_ spool: inout StoreSpool) {
        for (number, ended) in amendments.drain() {
            json.removeAll()
            ended.summary.write(to: &json, of: ended.stream)
            _ = spool.offer(StoreRecord(.amendSummary, [number, String(decoding: json.bytes, as: UTF8.self)]))
        }
    }

    /// Finds the folders that others have made since the last call.
    mutating func find(_ folders: any StreamFolders, spool: inout StoreSpool) {
        for (id, stream) in open where stream.isStored && stream.folder == nil {
            guard let path = folders.path(of: stream.info) else { continue }
            if spool.offer(StoreRecord(.folder, [stream.number, path.joined(separator: "/")])) {
                open[id]?.folder = path
            }
        }
    }

    /// Stores the buffered steps of open streams: nothing follows.
    mutating func finish(_ spool: inout StoreSpool) {
        for id in open.keys { for role in TrackRole.allCases { finishOverview(role, id: id, spool: &spool) } }
        open = [:]
    }

    // MARK: Streams

    private mutating func begin(_ stream: StreamInfo, spool: inout StoreSpool) {
        let start = stream.start
        var records = [
            StoreRecord(.openCall, [start.callID, stream.startedAt]),
            StoreRecord(
                .openStream,
                [
                    next, start.callID, start.streamID, stream.dialect, start.format.encoding.rawValue,
                    start.format.sampleRate, stream.startedAt,
                ]),
        ]
        records += numbers(start.customParameters.map { ($0.key, $0.value) }, of: start.callID)
        let isStored = spool.offer(records)
        if !isStored { recordLoss(of: stream) }
        open[ObjectIdentifier(stream)] = Stream(info: stream, number: next, isStored: isStored)
        next += 1
    }

    /// Reports that the stream's history is incomplete, in its summary and by a signal.
    private func recordLoss(of stream: StreamInfo) {
        stream.losses.add(
            [.init(sink: StoreSink.name, name: CallDatabase.fileName, reason: "spoolFull")], of: stream)
    }

    private mutating func begin(_ info: TrackInfo, id: ObjectIdentifier, spool: inout StoreSpool) {
        guard let number = open[id]?.number else { return }
        _ = spool.offer(
            StoreRecord(
                .openTrack, [number, info.role.rawValue, info.grid.sampleRate, info.grid.window, info.grid.hop]))
        if keepsOverview { open[id]?.pieces[info.role.index] = OverviewPieces(info.role) }
    }

    private mutating func end(_ stream: StreamInfo, summary: StreamSummary, spool: inout StoreSpool) {
        let id = ObjectIdentifier(stream)
        for role in TrackRole.allCases { finishOverview(role, id: id, spool: &spool) }
        guard let gone = open.removeValue(forKey: id), gone.isStored else { return }
        let number = gone.number
        // Before it is written: what is lost from here on is written again.
        stream.losses.onAmendment { [amendments] in amendments.add(number, summary: summary, of: $0) }
        var records = summary.tracks.map { track in
            let counters = track.counters
            return StoreRecord(
                .endTrack,
                [
                    number, track.role.rawValue, track.sampleRate, track.samples, track.rows, counters.packets,
                    counters.duplicates, counters.late, counters.reordered, counters.gaps,
                    Double(counters.concealedSamples) / Double(track.sampleRate), counters.jumps, counters.oddBytes,
                ])
        }
        json.removeAll()
        summary.write(to: &json, of: stream)
        records.append(
            StoreRecord(
                .endStream,
                [
                    number, stream.startedAt + summary.seconds, summary.reason.rawValue, summary.seconds,
                    summary.refusedMessages, String(decoding: json.bytes, as: UTF8.self),
                ]))
        records.append(StoreRecord(.endCall, [stream.start.callID]))
        _ = spool.offer(records)
        ended.append(Ended(info: stream, number: number, hasFolder: gone.folder != nil))
    }

    // MARK: Signals

    private mutating func report(_ signal: Signal, id: ObjectIdentifier, spool: inout StoreSpool) {
        open[id]?.signals += 1
        guard let stream = open[id] else { return }
        let event = CloudEvent(signal, of: stream.info, number: stream.signals)
        json.removeAll()
        event.write(to: &json)
        let isKept = spool.offer(
            StoreRecord(
                .signal,
                [
                    stream.number, event.number, event.time, signal.type, signal.track?.rawValue, signal.start,
                    signal.end, String(decoding: json.bytes, as: UTF8.self),
                ]))
        if !isKept { recordLoss(of: stream.info) }
        guard signal.name == "speech", signal.phase == .ended, let track = signal.track, let end = signal.end,
            end > signal.start
        else { return }
        _ = spool.offer(StoreRecord(.spurt, [stream.number, track.rawValue, signal.start, end]))
    }

    // MARK: The overview

    private mutating func process(_ sample: OverviewSample, id: ObjectIdentifier, spool: inout StoreSpool) {
        var step = sample
        if !keepsWaveform { (step.waveMin, step.waveMax) = (0, 0) }
        guard let number = open[id]?.number, let piece = open[id]?.pieces[step.track.index]?.add(step) else { return }
        append(piece, number: number, id: id, spool: &spool)
    }

    private mutating func finishOverview(_ role: TrackRole, id: ObjectIdentifier, spool: inout StoreSpool) {
        guard let number = open[id]?.number, let rest = open[id]?.pieces[role.index]?.finish() else { return }
        append(rest, number: number, id: id, spool: &spool)
    }

    private func append(_ piece: TrackOverview, number: Int64, id: ObjectIdentifier, spool: inout StoreSpool) {
        let isKept = spool.offer(
            StoreRecord(
                .overview,
                [number, piece.role.rawValue, piece.first, piece.count, Data(OverviewCode.encode(piece))]))
        if !isKept, let stream = open[id]?.info { recordLoss(of: stream) }
    }

    // MARK: Logs

    private mutating func process(_ received: CallLogEntry, spool: inout StoreSpool) {
        // Unauthenticated senders may only add to calls with open streams.
        guard received.isVerified || open.values.contains(where: { $0.info.start.callID == received.call }) else {
            return
        }
        let entry = keepsNumbers ? received : received.masked
        json.removeAll()
        json.beginObject()
        for value in entry.values { json.member(value) }
        json.endObject()
        let details = String(decoding: json.bytes, as: UTF8.self)
        let records = [
            StoreRecord(.log, [entry.time, entry.log.rawValue, entry.call, entry.event, details])
        ]
        let numbers = CallLogEntry.numberNames.sorted().compactMap { name in entry.text(name).map { (name, $0) } }
        _ = spool.offer(records + self.numbers(numbers, of: entry.call))
    }

    /// The records of caller and callee, if present.
    private func numbers(_ values: [(name: String, value: String)], of call: String) -> [StoreRecord] {
        values.compactMap { entry in
            let statement: StoreRecord.Statement
            switch entry.name.lowercased() {
            case "from": statement = .from
            case "to": statement = .to
            default: return nil
            }
            return StoreRecord(statement, [call, keepsNumbers ? entry.value : MaskedNumber.text(entry.value)])
        }
    }
}
