import SidetoneAnalysis
import SidetoneCodecs
import SidetoneModel
import SidetoneTracks

/// Both tracks of a stream on the call clock, and the signals of the call: a value owned by its stream's actor.
struct StreamPipeline: ~Copyable {
    /// Slices of a long gap that one packet, or one part of the end, emits at most, 200 ms each: 500 rows of each track at
    /// a hop of 10 ms. The longest gap that a setting allows, an hour, is out after 720 packets.
    static let slicesPerPacket = 25

    let stream: StreamInfo
    private let settings: StreamSettings
    /// The outputs that the sinks need.
    private let kinds: PipelineItem.Kinds
    private let isTimed: Bool
    var call: CallAnalysis
    private var clock: MediaClock
    private var tracks = StreamTracks()
    /// The tracks of which nothing more follows; nil until the end has begun.
    private var isFinished: PerTrack<Bool>?
    /// The tracks that have sent a packet.
    private(set) var isHeard = PerTrack(false)

    init(stream: StreamInfo, settings: StreamSettings, fanout: SinkFanout, timing: SignalTiming?) {
        let format = stream.start.format
        self.stream = stream
        self.settings = settings
        kinds = settings.makesSignals ? fanout.kinds : fanout.kinds.subtracting(.signals)
        isTimed = timing != nil
        call = CallAnalysis(stream: stream, settings: settings, fanout: fanout, timing: timing)
        clock = MediaClock(
            sampleRate: format.sampleRate,
            maxSkewMs: settings.analysis.signals.options(CallClockOptions.self).maxTrackSkewMs)
        // An announced track that has not opened yet is silence: the signals wait for its rows. A format that is not
        // supported is reported with its first packet.
        let grid = settings.analysis.grid(sampleRate: format.sampleRate)
        let columns = FeatureExtractor.columns(
            grid: grid, features: settings.measuredFeatures, settings: settings.analysis)
        for role in stream.start.tracks { try? call.expect(role, grid: grid, columns: columns) }
    }

    /// The end of a track's media, in seconds on the call clock.
    func seconds(of role: TrackRole) -> Double {
        Double(end(of: role)) / Double(stream.start.format.sampleRate)
    }

    /// Rows of both tracks so far.
    var rowCount: Int64 { tracks.rowCount(of: .inbound) + tracks.rowCount(of: .outbound) }

    private func end(of role: TrackRole) -> Int64 { tracks.sampleCount(of: role) }

    private func silenceLeft(_ role: TrackRole) -> Int64 { tracks.silenceLeft(of: role) }

    /// Whether a long gap is on its way, part by part.
    var isFilling: Bool { silenceLeft(.inbound) > 0 || silenceLeft(.outbound) > 0 }

    /// Accepts a packet of either track as it came.
    ///
    /// - Returns: once per track, a suspicion that its packets were encoded with another codec than announced.
    mutating func accept(_ packet: MediaPacket, arrival: Double?) throws -> CodecCheck.Suspicion? {
        let role = packet.track
        clock.start(firstTimestampMs: packet.timestampMs)
        if tracks[role] == nil { try open(role) }
        isHeard[role] = true
        let packetEnd = tracks[role]?.end(of: packet) ?? 0
        if let arrival, isTimed { call.recordArrival(arrival, before: packetEnd, on: role) }
        // Before the packet's rows, which would be ahead of the other track's silence. A timestamp that jumps waits.
        if packetEnd - end(of: role) <= clock.maxSkew / 2 { try advance(role.other, behind: packetEnd) }
        let suspicion = tracks[role]?.accept(packet, arrival: arrival, clock: &clock, into: &call)
        try advance(role.other, behind: end(of: role))
        if isFilling { try fillGaps() }
        return suspicion
    }

    // MARK: The end

    /// The stream is over: emits the next part of what is held back, as much as a packet emits of a long gap.
    ///
    /// - Returns: once all is out, the tracks that opened; nil while there is more.
    mutating func finishNext() -> [StreamSummary.Track]? {
        if isFinished == nil {
            call.stopTiming()
            // What a track cannot be opened for has been reported with its first packet.
            if isFilling, (try? fillGaps()) != nil { return nil }
            isFinished = PerTrack(false)
        }
        var parts = Self.slicesPerPacket
        while parts > 0, let role = nextToFinish {
            parts -= 1
            finishPart(of: role)
        }
        guard nextToFinish == nil else {
            for role in TrackRole.allCases { tracks[role]?.flushRuns(into: &call) }
            return nil
        }
        var summaries: [StreamSummary.Track] = []
        for role in TrackRole.allCases { if let summary = tracks[role]?.summary { summaries.append(summary) } }
        return summaries
    }

    /// The track whose turn it is: the one that is behind, so that the signals need not wait for the other one's rows. One
    /// that has nothing left is finished at once, unless it is in a pause, which lasts as long as the call.
    private var nextToFinish: TrackRole? {
        let open = TrackRole.allCases.filter { isFinished?[$0] != true }
        let last = open.min { end(of: $0) < end(of: $1) }
        guard let role = open.filter({ tracks.hasRest(of: $0) }).min(by: { end(of: $0) < end(of: $1) }) else {
            return last
        }
        let other = role.other
        guard open.contains(other), !tracks.hasRest(of: other) else { return role }
        return tracks.isPaused(of: other) && end(of: other) >= end(of: role) ? role : other
    }

    private mutating func finishPart(of role: TrackRole) {
        let (own, other, slice) = (end(of: role), end(of: role.other), slice)
        if tracks.hasRest(of: role) {
            tracks[role]?.finishNext(clock: &clock, into: &call)
        } else if tracks.isPaused(of: role), own < other {
            tracks[role]?.fillPause(until: min(other, own + slice), into: &call)
        } else {
            tracks[role]?.finish(clock: &clock, into: &call)
            call.end(role)
            isFinished?[role] = true
        }
    }

    private mutating func open(_ role: TrackRole) throws {
        let track = try TrackPipeline(
            role: role, format: stream.start.format, clock: clock, settings: settings, kinds: kinds)
        try call.open(track.info, measured: track.measured)
        tracks[role] = consume track
    }

    // MARK: Silence

    /// Fills an open or announced track with silence if the other one leads by too much.
    private mutating func advance(_ role: TrackRole, behind end: Int64) throws {
        let target = end - clock.maxSkew
        guard target > 0 else { return }
        if tracks[role] == nil {
            guard stream.start.tracks.contains(role) else { return }
            try open(role)
        }
        if self.end(of: role) < target { tracks[role]?.advance(to: target, clock: &clock, into: &call) }
    }

    /// Samples of a slice of silence.
    private var slice: Int64 { max(1, Int64(stream.start.format.sampleRate) * Int64(JitterBuffer.sliceMs) / 1_000) }

    /// Emits some of a long gap: a pause of minutes costs the packets after it a little each, and never one of them all.
    private mutating func fillGaps() throws {
        for role in TrackRole.allCases where silenceLeft(role) > 0 {
            var slices = Self.slicesPerPacket
            while slices > 0, silenceLeft(role) > 0 {
                slices -= 1
                tracks[role]?.proceed(clock: &clock, into: &call)
                try advance(role.other, behind: end(of: role))
            }
            tracks[role]?.flushRuns(into: &call)
        }
    }
}

/// The open tracks of a stream.
private struct StreamTracks: ~Copyable {
    private var inbound: TrackPipeline?
    private var outbound: TrackPipeline?

    func sampleCount(of role: TrackRole) -> Int64 {
        role == .inbound ? Self.sampleCount(inbound) : Self.sampleCount(outbound)
    }

    func rowCount(of role: TrackRole) -> Int64 { role == .inbound ? Self.rowCount(inbound) : Self.rowCount(outbound) }

    private static func rowCount(_ track: borrowing TrackPipeline?) -> Int64 {
        switch track {
        case .some(let track): track.rowCount
        case .none: 0
        }
    }

    func silenceLeft(of role: TrackRole) -> Int64 {
        role == .inbound ? Self.silenceLeft(inbound) : Self.silenceLeft(outbound)
    }

    func hasRest(of role: TrackRole) -> Bool { role == .inbound ? Self.hasRest(inbound) : Self.hasRest(outbound) }

    func isPaused(of role: TrackRole) -> Bool { role == .inbound ? Self.isPaused(inbound) : Self.isPaused(outbound) }

    private static func hasRest(_ track: borrowing TrackPipeline?) -> Bool {
        switch track {
        case .some(let track): track.hasRest
        case .none: false
        }
    }

    private static func isPaused(_ track: borrowing TrackPipeline?) -> Bool {
        switch track {
        case .some(let track): track.isPaused
        case .none: false
        }
    }

    private static func sampleCount(_ track: borrowing TrackPipeline?) -> Int64 {
        switch track {
        case .some(let track): track.sampleCount
        case .none: 0
        }
    }

    private static func silenceLeft(_ track: borrowing TrackPipeline?) -> Int64 {
        switch track {
        case .some(let track): track.silenceLeft
        case .none: 0
        }
    }

    subscript(role: TrackRole) -> TrackPipeline? {
        _read { if role == .inbound { yield inbound } else { yield outbound } }
        _modify { if role == .inbound { yield &inbound } else { yield &outbound } }
    }
}
