import SidetoneDSP
import SidetoneModel

/// Detects the DTMF digits of a track, once for all features that need them.
///
/// Frames whose spectrum rules out a digit skip the detailed analysis.
struct DigitListener {
    private let grid: FrameGrid
    private var receiver: DTMFReceiver
    private var samples: NewSamples
    /// The bins closest to each of the eight frequencies; empty if the window is too long for this test.
    private let bins: [Int]
    /// Samples of the track so far.
    private var count: Int64 = 0

    /// Frames with less of their energy next to two of the frequencies contain no digit, not even its edge.
    static let concentration: Float = 0.5

    init(_ context: FeatureContext) {
        grid = context.grid
        let options = context.settings.signals.options(DTMFOptions.self)
        receiver = DTMFReceiver(
            sampleRate: grid.sampleRate, minimumDBm0: options.minimumDBm0, minimumMs: options.minimumMs)
        samples = NewSamples(grid: grid, length: receiver.blockLength)
        var size = 2
        while size < grid.window { size *= 2 }
        // A window of over 32 ms may contain a digit and what follows it, and the edges of windows that hardly overlap
        // are visible in neither.
        let isShort = grid.window * 1000 <= 32 * grid.sampleRate && 2 * grid.hop <= grid.window
        let spacing = Double(grid.sampleRate) / Double(size)
        bins = isShort ? DTMFReceiver.frequencies.map { max(1, Int($0 / spacing)) } : []
    }

    /// The digit in the newest samples; its code is 0 for none.
    var sounding: SoundingDigit { SoundingDigit(code: receiver.present, levelDBFS: receiver.levelDBFS) }

    /// - Parameters:
    ///   - row: the frame's row.
    ///   - facts: receives the digits whose end became known.
    mutating func process(
        _ frame: Span<Float>, spectrum: FrameSpectrum, row: Int64, into facts: inout [TrackFact]
    ) {
        count += Int64(count == 0 ? frame.count : min(frame.count, grid.hop))
        let mayHold = mayHold(spectrum)
        let (padding, count) = (Int64(samples.padding), count)
        samples.extract(frame) { block in
            guard let digit = receiver.process(block, mayHold: mayHold) else { return }
            facts.append(Self.fact(digit, row: row, padding: padding, count: count))
        }
    }

    /// Ends the track.
    ///
    /// - Parameters:
    ///   - rest: the samples after the last frame.
    ///   - row: one past the last row.
    mutating func finish(_ rest: Span<Float>, row: Int64, into facts: inout [TrackFact]) {
        count += Int64(rest.count)
        let (padding, count) = (Int64(samples.padding), count)
        samples.finish(rest) { block in
            guard let digit = receiver.process(block) else { return }
            facts.append(Self.fact(digit, row: row, padding: padding, count: count))
        }
        if let digit = receiver.finish() { facts.append(Self.fact(digit, row: row, padding: padding, count: count)) }
    }

    /// - Parameter count: the number of samples of the track so far, which limits a digit's end.
    private static func fact(_ digit: DTMFReceiver.Digit, row: Int64, padding: Int64, count: Int64) -> TrackFact {
        let start = min(max(0, digit.start - padding), count)
        let end = min(max(start, digit.end - padding), count)
        return TrackFact(
            row: row,
            kind: .digit(
                TrackFact.Digit(code: digit.code, start: start, end: end, levelDBFS: digit.levelDBFS)))
    }

    /// Whether two of the frequencies, one per group, may dominate the frame.
    private func mayHold(_ spectrum: FrameSpectrum) -> Bool {
        guard !bins.isEmpty else { return true }
        let power = spectrum.power
        var best: (low: Float, high: Float) = (0, 0)
        for (index, bin) in bins.enumerated() {
            // A Hann window spreads a tone over the four bins around it.
            let near = power[bin - 1] + power[bin] + power[bin + 1] + power[min(bin + 2, power.count - 1)]
            if index < 4 { best.low = max(best.low, near) } else { best.high = max(best.high, near) }
        }
        return best.low + best.high >= Self.concentration * Sums.sum(power, over: 0..<power.count)
    }
}

/// The current DTMF digit.
public struct SoundingDigit: Sendable, Equatable {
    /// Its index in `DTMFReceiver.digits`, from 1; 0 for none.
    public var code = 0
    /// The mean level of both tones.
    public var levelDBFS: Float = -96
}
