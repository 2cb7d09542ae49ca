package import SidetoneCodecs
package import SidetoneModel
package import SidetonePlatforms

/// Creates the messages that a platform sends on one socket from a call's audio. Packets of the same time are sent
/// inbound first. Times and timestamps count from the start of the stream.
package struct StreamWriter {
    private struct Track {
        var role: TrackRole
        var codec: any AudioCodec
        var resampler: Resampler?
        /// Samples of an incomplete packet.
        var rest: [Int16] = []
        var sent: Int64 = 0
        var chunks: Int64 = 0
        /// Whether the track has ended: an incomplete packet is then sent as it is.
        var isOver = false
    }

    private let profile: DialectProfile
    private let start: StreamStart
    private let packetSamples: Int
    private var dialect: any Dialect
    private var tracks: [Track]
    private var heard: Int64 = 0
    private let callRate: Int

    /// - Parameters:
    /// - callRate: samples per second of the input.
    package init(platform: any Dialect.Type, start: StreamStart, packetMs: Int, callRate: Int) throws(CodecError) {
        profile = platform.profile
        var start = start
        if profile.channels == .mixed { start.tracks = profile.channels.tracks }
        self.start = start
        self.callRate = callRate
        packetSamples = start.format.sampleRate * packetMs / 1_000
        dialect = platform.init()
        var tracks: [Track] = []
        for role in start.tracks {
            tracks.append(
                Track(
                    role: role, codec: try CodecCatalog.codec(for: start.format),
                    resampler: callRate == start.format.sampleRate
                        ? nil : Resampler(from: callRate, to: start.format.sampleRate)))
        }
        self.tracks = tracks
    }

    /// Seconds of the stream so far.
    private var seconds: Double { Double(heard) / Double(callRate) }

    /// The messages before any media.
    package mutating func opening() throws -> [TimedMessage] {
        try messages(for: .connected, due: 0) + messages(for: .start(start), due: 0)
    }

    /// Appends the next audio of the call.
    package mutating func append(_ block: MediaBlock) throws -> [TimedMessage] {
        try append(block.count) { block[$0][...] }
    }

    /// Appends the next part of recordings that may differ in length.
    ///
    /// - Parameters:
    /// - count: samples of the call; each part has this many, unless it is the last of its track.
    ///   - part: the samples of a track.
    package mutating func append(
        _ count: Int, part: (TrackRole) -> ArraySlice<Int16>
    ) throws -> [TimedMessage] {
        heard += Int64(count)
        for index in tracks.indices where !tracks[index].isOver {
            let samples =
                profile.channels == .mixed
                ? MixedAudio.mix(Array(part(.inbound)), Array(part(.outbound)))[...] : part(tracks[index].role)
            if tracks[index].resampler == nil {
                tracks[index].rest += samples
            } else {
                tracks[index].rest += tracks[index].resampler?.process(samples) ?? []
            }
            if samples.count < count { finish(index) }
        }
        return try packets()
    }

    private mutating func finish(_ index: Int) {
        guard !tracks[index].isOver else { return }
        tracks[index].isOver = true
        tracks[index].rest += tracks[index].resampler?.finish() ?? []
    }

    /// Handles a pressed key.
    package mutating func digit(_ key: Character, heldMs: Int) throws -> [TimedMessage] {
        let digit = profile.digit(key, track: .inbound, durationMs: heldMs)
        return try messages(for: .dtmf(digit), due: seconds)
    }

    /// Ends the stream: the incomplete packets, and the message that ends it.
    package mutating func ending() throws -> [TimedMessage] {
        for index in tracks.indices { finish(index) }
        let media = try packets()
        var last = try messages(for: .stop, due: seconds)
        if !last.isEmpty { last[last.count - 1].isLast = true }
        return media + last
    }

    /// A dialect may have no message for an event, or several.
    private mutating func messages(for event: StreamEvent, due: Double) throws -> [TimedMessage] {
        var messages: [TimedMessage] = []
        try dialect.write(event) { messages.append(TimedMessage(due: due, message: $0)) }
        return messages
    }

    /// The complete packets, and the last ones of tracks that have ended.
    private mutating func packets() throws -> [TimedMessage] {
        var messages: [TimedMessage] = []
        while tracks.contains(where: isReady) {
            for index in tracks.indices where isReady(tracks[index]) {
                messages += try self.messages(for: .media(packet(index)), due: seconds)
            }
        }
        return messages
    }

    private func isReady(_ track: Track) -> Bool {
        track.rest.count >= packetSamples || (track.isOver && !track.rest.isEmpty)
    }

    private mutating func packet(_ index: Int) -> MediaPacket {
        let count = min(packetSamples, tracks[index].rest.count)
        var payload: [UInt8] = []
        tracks[index].codec.encode(tracks[index].rest[..<count], into: &payload)
        tracks[index].rest.removeFirst(count)
        tracks[index].chunks += 1
        let timestampMs = tracks[index].sent * 1_000 / Int64(start.format.sampleRate)
        tracks[index].sent += Int64(count)
        return MediaPacket(
            track: tracks[index].role, sequence: nil, chunk: tracks[index].chunks, timestampMs: timestampMs,
            payload: payload)
    }
}
