import SidetoneDSP
import SidetoneModel

/// Hears the push-button digits of a track, once for every feature that asks for them.
///
/// Frames whose spectrum can hold no digit are spared the closer look.
struct DigitListener {
    private let grid: FrameGrid
    private var receiver: DTMFReceiver
    private var samples: NewSamples
    /// The bins next below each of the eight frequencies; empty where the window is too long to judge by it.
    private let bins: [Int]
    /// Samples of the track so far.
    private var count: Int64 = 0

    /// Frames with less of their energy next to two of the frequencies hold no digit, not even its edge.
    static let concentration: Float = 0.5

    init(_ context: FeatureContext) {
        grid = context.grid
        let options = context.settings.signals.options(DTMFOptions.self)
        receiver = DTMFReceiver(
            sampleRate: grid.sampleRate, minimumDBm0: options.minimumDBm0, minimumMs: options.minimumMs)
        samples = NewSamples(grid: grid, length: receiver.blockLength)
        var size = 2
        while size < grid.window { size *= 2 }
        // A window of over 32 ms may hold a digit and what follows it, and what lies at the edges of windows that hardly
        // overlap shows in none.
        let isShort = grid.window * 1000 <= 32 * grid.sampleRate && 2 * grid.hop <= grid.window
        let spacing = Double(grid.sampleRate) / Double(size)
        bins = isShort ? DTMFReceiver.frequencies.map { max(1, Int($0 / spacing)) } : []
    }

    /// The digit that sounds in the newest samples; its code is 0 when none does.
    var sounding: SoundingDigit { SoundingDigit(code: receiver.present, levelDBFS: receiver.levelDBFS) }

    /// - Parameters:
    ///   - row: the frame's row.
    ///   - facts: gets the digits whose end became known.
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

    /// The track is over.
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

    /// - Parameter count: samples of the track so far, which no digit outlasts.
    private static func fact(_ digit: DTMFReceiver.Digit, row: Int64, padding: Int64, count: Int64) -> TrackFact {
        let start = min(max(0, digit.start - padding), count)
        let end = min(max(start, digit.end - padding), count)
        return TrackFact(
            row: row,
            kind: .digit(
                TrackFact.Digit(code: digit.code, start: start, end: end, levelDBFS: digit.levelDBFS)))
    }

    /// Whether two of the frequencies, one per group, may carry the frame.
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

/// A push-button digit that sounds.
public struct SoundingDigit: Sendable, Equatable {
    /// Its index in `DTMFReceiver.digits`, from 1; 0 when none sounds.
    public var code = 0
    /// The mean of both tones.
    public var levelDBFS: Float = -96
}
