import SidetoneAnalysis
import SidetoneCodecs
import SidetoneModel
import SidetoneTracks

/// Both tracks of a stream on the call clock, and the signals of the call: a value that its stream's actor carries.
struct StreamPipeline: ~Copyable {
    /// Slices of a long gap that one packet emits at most, 200 ms each; the share of what is left bounds the number of
    /// packets until all is out.
    private static let slicesPerPacket = 25
    private static let slicesPerShare: Int64 = 100

    let stream: StreamInfo
    private let settings: StreamSettings
    /// What the sinks want of the tracks.
    private let kinds: PipelineItem.Kinds
    private let isTimed: Bool
    var call: CallAnalysis
    private var clock: MediaClock
    private var tracks = StreamTracks()
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
        // A track that was announced and has not opened yet is silence: the signals wait for its rows. What cannot be
        // measured at all is reported with its first packet.
        let grid = settings.analysis.grid(sampleRate: format.sampleRate)
        let columns = FeatureExtractor.columns(
            grid: grid, features: settings.measuredFeatures, settings: settings.analysis)
        for role in stream.start.tracks { try? call.expect(role, grid: grid, columns: columns) }
    }

    /// The end of a track's media, in seconds on the call clock.
    func seconds(of role: TrackRole) -> Double {
        Double(end(of: role)) / Double(stream.start.format.sampleRate)
    }

    private func end(of role: TrackRole) -> Int64 { tracks.sampleCount(of: role) }

    private func silenceLeft(_ role: TrackRole) -> Int64 { tracks.silenceLeft(of: role) }

    private var isFilling: Bool { silenceLeft(.inbound) > 0 || silenceLeft(.outbound) > 0 }

    /// Accepts a packet of either track as it came.
    ///
    /// - Returns: once a track, that its packets are rather another codec's than the announced one's.
    mutating func accept(_ packet: MediaPacket, arrival: Double?) throws -> CodecCheck.Suspicion? {
        let role = packet.track
        clock.start(firstTimestampMs: packet.timestampMs)
        if tracks[role] == nil { try open(role) }
        isHeard[role] = true
        let packetEnd = tracks[role]?.end(of: packet) ?? 0
        if let arrival, isTimed { call.recordArrival(arrival, before: packetEnd, on: role) }
        // Before the packet's rows: they would be ahead of the other track's silence. A timestamp that leaps waits.
        if packetEnd - end(of: role) <= clock.maxSkew / 2 { try advance(role.other, behind: packetEnd) }
        let suspicion = tracks[role]?.accept(packet, arrival: arrival, clock: &clock, into: &call)
        try advance(role.other, behind: end(of: role))
        if isFilling { try fillGaps() }
        return suspicion
    }

    /// Emits all that is held back. Nothing follows.
    ///
    /// - Returns: the tracks that opened.
    mutating func finish() -> [StreamSummary.Track] {
        call.stopTiming()
        // What a track cannot be opened for has been reported with its first packet.
        while isFilling, (try? fillGaps()) != nil {}
        var summaries: [StreamSummary.Track] = []
        for role in TrackRole.allCases {
            tracks[role]?.finish(clock: &clock, into: &call)
            call.end(role)
            if let summary = tracks[role]?.summary { summaries.append(summary) }
        }
        return summaries
    }

    private mutating func open(_ role: TrackRole) throws {
        let track = try TrackPipeline(
            role: role, format: stream.start.format, clock: clock, settings: settings, kinds: kinds)
        try call.open(track.info, measured: track.measured)
        tracks[role] = consume track
    }

    // MARK: Silence

    /// What a track lacks that is open or announced, and that the other one leads by too much, is silence.
    private mutating func advance(_ role: TrackRole, behind end: Int64) throws {
        let target = end - clock.maxSkew
        guard target > 0 else { return }
        if tracks[role] == nil {
            guard stream.start.tracks.contains(role) else { return }
            try open(role)
        }
        if self.end(of: role) < target { tracks[role]?.advance(to: target, clock: &clock, into: &call) }
    }

    /// Emits some of a long gap: a pause of minutes costs the packets after it a little each, and never one of them all.
    private mutating func fillGaps() throws {
        let slice = max(1, Int64(stream.start.format.sampleRate) * Int64(JitterBuffer.sliceMs) / 1_000)
        for role in TrackRole.allCases where silenceLeft(role) > 0 {
            var slices = max(Self.slicesPerPacket, Int(silenceLeft(role) / slice / Self.slicesPerShare))
            while slices > 0, silenceLeft(role) > 0 {
                slices -= 1
                tracks[role]?.proceed(clock: &clock, into: &call)
                try advance(role.other, behind: end(of: role))
            }
            tracks[role]?.flushRuns(into: &call)
        }
    }
}

/// The tracks of a stream that are open.
private struct StreamTracks: ~Copyable {
    private var inbound: TrackPipeline?
    private var outbound: TrackPipeline?

    func sampleCount(of role: TrackRole) -> Int64 {
        role == .inbound ? Self.sampleCount(inbound) : Self.sampleCount(outbound)
    }

    func silenceLeft(of role: TrackRole) -> Int64 {
        role == .inbound ? Self.silenceLeft(inbound) : Self.silenceLeft(outbound)
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
