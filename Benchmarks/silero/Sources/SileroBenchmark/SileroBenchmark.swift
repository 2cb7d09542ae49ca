import Foundation
import SidetoneAnalysis
import SidetoneDSP
import SidetoneModel

/// Runs Sidetone's Silero detector over raw audio. Called by compare.py.
///
///     SileroBenchmark WEIGHTS speed  RATE FILE    microseconds of CPU a chunk, best of 30 passes
///     SileroBenchmark WEIGHTS chunks RATE FILE    the probability of each 32 ms chunk, one a line
///     SileroBenchmark WEIGHTS rows   RATE FILE    start,end,score,avail of each row of the standard grid
///
/// FILE: float32 in the machine's order, mono.
@main
struct SileroBenchmark {
    static func main() throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 5, let rate = Int(arguments[3]) else {
            print("usage: SileroBenchmark WEIGHTS speed|chunks|rows RATE FILE")
            exit(64)
        }
        let model = try SileroModel([UInt8](Data(contentsOf: URL(fileURLWithPath: arguments[1]))))
        let data = try Data(contentsOf: URL(fileURLWithPath: arguments[4]))
        var samples = [Float](repeating: 0, count: data.count / 4)
        _ = samples.withUnsafeMutableBytes { data.copyBytes(to: $0) }
        switch arguments[2] {
        case "speed": try speed(model, rate, samples)
        case "chunks": try chunks(model, rate, samples) { print($0) }
        default: try rows(model, rate, samples)
        }
    }

    /// A grid of 32 ms side by side gives the network's own steps.
    static func chunks(_ model: SileroModel, _ rate: Int, _ samples: [Float], _ emit: (Float) -> Void) throws {
        let grid = FrameGrid(sampleRate: rate, windowMs: 32, hopMs: 32)
        var detector = try SileroDetector(grid: grid, models: SpeechModels(silero: model))
        let spectrum = FrameSpectrum(window: grid.window, sampleRate: rate, needs: [])
        var start = 0
        while start + grid.window <= samples.count {
            emit(detector.process(samples.span.extracting(start..<start + grid.window), spectrum))
            start += grid.hop
        }
    }

    static func speed(_ model: SileroModel, _ rate: Int, _ samples: [Float]) throws {
        var best = Double.infinity
        var sum: Float = 0
        for _ in 0..<30 {
            var count = 0
            let before = clock()
            try chunks(model, rate, samples) {
                sum += $0
                count += 1
            }
            best = min(best, Double(clock() - before) / Double(CLOCKS_PER_SEC) / Double(count))
        }
        print(best * 1e6)
        FileHandle.standardError.write(Data("checksum \(sum)\n".utf8))
    }

    static func rows(_ model: SileroModel, _ rate: Int, _ samples: [Float]) throws {
        var settings = AnalysisSettings()
        settings.detect.vad = "silero"
        settings.detect.models.silero = model
        let grid = settings.grid(sampleRate: rate)
        var measure = try Measure(grid: grid, features: ["speech"], settings: settings)
        print("start,end,score,avail")
        var fed = 0
        let write: (Int64, Span<Float>) -> Void = { row, values in
            let start = grid.start(ofRow: row).seconds
            print("\(start),\(grid.end(ofRow: row).seconds),\(values[0]),\(Double(fed) / Double(rate))")
        }
        for row in 0..<Int(grid.rows(in: Int64(samples.count))) {
            fed = row * grid.hop + grid.window
            measure.process(samples.span.extracting(row * grid.hop..<fed), write)
        }
        measure.finish(write)
    }
}
