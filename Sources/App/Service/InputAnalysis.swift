package import Logging
import SidetoneCodecs
import SidetoneConfiguration
import SidetoneFiles
import SidetoneModel
package import SidetonePipeline
import SidetonePlatforms

/// Analyses one input on its own executor. It waits for its sinks.
package actor InputAnalysis {
    /// Packet length in milliseconds; packets of both tracks alternate.
    static let packetMs = 100
    /// Packets between waits for the sinks.
    static let packetsPerDrain = 20
    /// Ticks after the last message: more than tracks that can stall.
    static let lastTicks = 8

    private nonisolated let executor: QueueExecutor
    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    private let input: AnalysisInput
    private let settings: StreamSettings
    private let fanout: SinkFanout
    private let logger: Logger
    private let naming: StreamNaming

    package init(_ input: AnalysisInput, settings: StreamSettings, fanout: SinkFanout, logger: Logger) {
        self.input = input
        self.settings = settings
        self.fanout = fanout
        self.logger = logger
        executor = QueueExecutor(label: "sidetone.input")
        naming = StreamNaming(
            file: { input.name(ofSegment: $0) }, component: SafeName.inputName, now: WallClock.now)
    }

    /// Analyses the whole input.
    /// - Returns: the summary; nil when a capture contains no stream.
    package func run(_ progress: (Double) -> Void) async throws -> StreamSummary? {
        do {
            let summary: StreamSummary?
            switch input.kind {
            case .audio: summary = try await analyzeAudio(nil, progress: progress)
            case .raw(let layout):
                if let format = layout.format {
                    summary = try await analyzeRaw(format)
                } else {
                    summary = try await analyzeAudio(layout, progress: progress)
                }
            case .capture: summary = try await analyzeCapture()
            case .refused(let why): throw InputError(input.path, why)
            }
            try await fanout.close()
            return summary
        } catch {
            try? await fanout.close()
            throw error
        }
    }

    private func makeIngest(_ dialect: String, segment: Int = 1) -> StreamIngest {
        StreamIngest(
            dialect: dialect, settings: settings, fanout: fanout, naming: naming, segment: segment, executor: executor,
            logger: logger)
    }

    private func start(_ format: MediaFormat, tracks: Int) -> StreamEvent {
        .start(
            StreamStart(
                streamID: input.name, callID: input.name, tracks: Array(TrackRole.allCases.prefix(tracks)),
                format: format))
    }

    // MARK: Recordings

    private func analyzeAudio(_ layout: RawLayout?, progress: (Double) -> Void) async throws -> StreamSummary? {
        let reader = try AudioFileReader(path: input.path, layout: layout)
        let format = MediaFormat(encoding: .l16, sampleRate: Self.supportedRate(for: reader.sampleRate))
        var converters: [SampleRateConverter] = []
        let (source, target) = (reader.sampleRate, format.sampleRate)
        if source != target {
            logger.notice(
                "Sample rate converted",
                metadata: ["file": "\(input.path)", "from": "\(source)", "to": "\(target)"])
            for _ in 0..<reader.channels {
                converters.append(try SampleRateConverter(from: source, to: target, path: input.path))
            }
        }
        let ingest = makeIngest("file")
        try await ingest.accept(start(format, tracks: reader.channels))
        var codec = try CodecCatalog.codec(for: format)
        let frames = max(1, reader.sampleRate * Self.packetMs / 1_000)
        var done: Int64 = 0
        var packets = 0
        var tracks: [[Int16]] = []
        while true {
            let count = try reader.read(frames, into: &tracks)
            guard count > 0 else { break }
            for (index, samples) in tracks.enumerated() {
                let samples = converters.isEmpty ? samples : converters[index].convert(samples)
                guard !samples.isEmpty else { continue }
                var payload: [UInt8] = []
                codec.encode(samples[...], into: &payload)
                try feed(payload, role: TrackRole.allCases[index], ingest: ingest)
            }
            done += Int64(count)
            packets += 1
            if packets % Self.packetsPerDrain == 0 {
                try await fanout.drain()
                progress(reader.frames > 0 ? Double(done) / Double(reader.frames) : 0)
            }
        }
        for (index, converter) in converters.enumerated() {
            var payload: [UInt8] = []
            codec.encode(converter.finish()[...], into: &payload)
            if !payload.isEmpty { try feed(payload, role: TrackRole.allCases[index], ingest: ingest) }
        }
        guard done > 0 else { throw InputError(input.path, "contains no samples") }
        guard done >= reader.frames || !reader.knowsLength else {
            throw InputError(
                input.path, "is truncated: its header announces \(reader.frames) samples, it contains \(done)")
        }
        return await ingest.end(.stop)
    }

    /// The rate at which a file is analysed: its own, or the next higher supported rate.
    private static func supportedRate(for rate: Int) -> Int {
        let rates = L16.sampleRates.sorted()
        return rates.first { $0 >= rate } ?? rates[rates.count - 1]
    }

    private func analyzeRaw(_ format: MediaFormat) async throws -> StreamSummary? {
        let reader = try ByteReader(path: input.path)
        let ingest = makeIngest("file")
        try await ingest.accept(start(format, tracks: 1))
        // An even number of bytes, so that no sample is split.
        var bytes = [UInt8](repeating: 0, count: max(2, format.sampleRate * Self.packetMs / 1_000 * 2))
        var done: Int64 = 0
        var packets = 0
        while true {
            let count = try reader.read(into: &bytes)
            guard count > 0 else { break }
            try feed(Array(bytes[..<count]), role: .inbound, ingest: ingest)
            done += Int64(count)
            packets += 1
            if packets % Self.packetsPerDrain == 0 { try await fanout.drain() }
        }
        guard done > 0 else { throw InputError(input.path, "is empty") }
        return await ingest.end(.stop)
    }

    private func feed(_ payload: [UInt8], role: TrackRole, ingest: StreamIngest) throws {
        let packet = MediaPacket(track: role, sequence: nil, chunk: nil, timestampMs: nil, payload: payload)
        try ingest.assumeIsolated { try $0.accept(.media(packet)) }
    }

    // MARK: Captured streams

    private func analyzeCapture() async throws -> StreamSummary? {
        let reader = try CaptureReader(path: input.path)
        let messages = StreamDecoder(
            settings: .init(dialect: reader.header.dialect, l16BigEndian: reader.header.encoding == .l16BigEndian),
            opening: Opening(connectionID: reader.header.stream), logger: logger,
            makeIngest: { self.makeIngest($0, segment: $1) },
            reply: { _ in })
        var count = 0
        reading: while let captured = try reader.next() {
            switch messages.receive(captured.message, arrival: captured.arrival) {
            case .goOn: break
            case .stopped: break reading
            case .broken(let why, _): throw InputError(input.path, "cannot be read any further: \(why)")
            }
            count += 1
            if count % (Self.packetsPerDrain * 5) == 0 {
                try await fanout.drain()
            }
        }
        let reason = reader.end?.reason ?? .closed
        if let end = reader.end {
            // Ticks of the receiver between the last message and the end: missing media.
            for _ in 0..<Self.lastTicks {
                guard let due = messages.tick(now: 0), due < end.at else { break }
                _ = messages.tick(now: due)
            }
            _ = messages.tick(now: end.at)
        }
        guard let summary = messages.end(reason) else {
            // Problems that would close a live stream, with their reason.
            throw InputError(
                input.path,
                count == 0
                    ? "contains no stream, because it contains no messages"
                    : "contains no stream: \(messages.problem ?? "no 'start' among its \(count) messages")")
        }
        return summary
    }
}

extension RawLayout {
    /// The packet format that carries the samples unchanged; nil if no codec supports the rate.
    fileprivate var format: MediaFormat? {
        let type: (any AudioCodec.Type)? =
            switch coding {
            case .pcmu: PCMU.self
            case .pcma: PCMA.self
            case .l16: L16.self
            case .l16BigEndian: L16BigEndian.self
            default: nil
            }
        guard let type, channels == 1, offset == 0, type.sampleRates.contains(sampleRate) else { return nil }
        return MediaFormat(encoding: type.encoding, sampleRate: sampleRate)
    }
}
