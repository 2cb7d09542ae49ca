public import SidetoneDSP
public import SidetoneModel

/// The quality of a track's line; read by the signals `clipping`, `level_low` and `packet_loss`.
public struct LineFeature: Feature {
    public static let name = "line"
    public static let summary = "flat tops and the envelope of the active speech level; detects empty packets"
    public static let reference = "envelope: ITU-T P.56 §5; the others are our own, tested with constructed signals"
    public static let needs: FrameSpectrum.Needs = []
    public static let findsFacts = true

    public static func columns(on grid: FrameGrid) -> [Column] {
        [
            Column(
                "flat_top", unit: "share", range: "0…1", decimals: 4,
                "share of new samples in flat stretches of 0.375 ms or more at the peak of the last second"),
            Column(
                "envelope_dbfs", unit: "dBFS", range: "−96…0", decimals: 2,
                "P.56 envelope: mean |x| smoothed twice with 30 ms"),
        ]
    }

    private var samples: NewSamples
    private var tops: FlatTops
    private var zeros: ZeroPackets
    private var envelope: SpeechEnvelope
    private var empty: [ZeroPackets.Stretch] = []
    private var isFirst = true

    public init(_ context: FeatureContext) {
        let rate = context.grid.sampleRate
        samples = NewSamples(grid: context.grid, length: max(1, rate / 100))
        tops = FlatTops(sampleRate: rate)
        zeros = ZeroPackets(sampleRate: rate, firstSample: -samples.padding)
        envelope = SpeechEnvelope(sampleRate: rate)
    }

    public mutating func process(
        _ frame: Span<Float>, spectrum: FrameSpectrum, into row: inout [Float]
    ) {
        var flat = 0
        var blocks = 0
        // The zeros before the track are not part of it: with a DC offset they would read as a flat top.
        let padding = isFirst ? samples.padding : 0
        isFirst = false
        samples.extract(frame) { block in
            flat += tops.count(in: block.extracting((blocks == 0 ? padding : 0)..<block.count))
            if let stretch = zeros.process(block) { empty.append(stretch) }
            envelope.process(block)
            blocks += 1
        }
        row[0] = blocks > 0 ? Float(flat) / Float(blocks * samples.length) : 0
        row[1] = envelope.dBFS
    }

    public mutating func drainFacts(row: Int64, into facts: inout [TrackFact]) {
        guard !empty.isEmpty else { return }
        for stretch in empty {
            facts.append(TrackFact(row: row, kind: .emptyPackets(first: stretch.first, count: stretch.count)))
        }
        empty.removeAll(keepingCapacity: true)
    }
}
