// Reads raw 32-bit float samples and writes what the detector sees of them, or what it says of them.
//
//     vad-rows features RATE IN.f32 OUT.f32    40 values a row
//     vad-rows score RATE IN.f32 OUT.f32       4 values a row: P(speech), P(music), P(tone), in a talk spurt
//     vad-rows cost RATE IN.f32 -              prints ns of CPU a row: the shared spectrum, and the detector over it
import Foundation
import SidetoneAnalysis
import SidetoneDSP
import SidetoneModel

let arguments = CommandLine.arguments
guard arguments.count == 5, let rate = Int(arguments[2]) else {
    print("vad-rows features|score|cost RATE IN.f32 OUT.f32")
    exit(64)
}
let data = try Data(contentsOf: URL(fileURLWithPath: arguments[3]))
let samples = data.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
let grid = FrameGrid(sampleRate: rate)
let spectrum = FrameSpectrum(window: grid.window, sampleRate: rate, needs: .power)
let rows = Int(grid.rows(in: Int64(samples.count)))
var out: [Float] = []

switch arguments[1] {
case "features":
    let features = SoundFeatures(window: grid.window, hop: grid.hop, sampleRate: rate)
    out.reserveCapacity(rows * SoundFeatures.count)
    for row in 0..<rows {
        spectrum.analyze(samples.span.extracting(row * grid.hop..<row * grid.hop + grid.window))
        features.analyze(spectrum)
        out.append(contentsOf: UnsafeBufferPointer(start: features.values.base, count: SoundFeatures.count))
    }
case "score":
    var detector = try StatisticalDetector(grid: grid)
    var spurts = TalkSpurts(DetectSettings(), threshold: StatisticalDetector.threshold, grid: grid)
    for row in 0..<rows + detector.lookAhead {
        var probability: Float
        if row < rows {
            let frame = samples.span.extracting(row * grid.hop..<row * grid.hop + grid.window)
            spectrum.analyze(frame)
            probability = detector.process(frame, spectrum)
        } else {
            probability = detector.drain()
        }
        if row < detector.lookAhead { continue }
        _ = spurts.process(probability)
        out += [probability, detector.musicProbability, detector.toneProbability, spurts.isSpeech ? 1 : 0]
    }
default:
    var detector = try StatisticalDetector(grid: grid)
    let features = SoundFeatures(window: grid.window, hop: grid.hop, sampleRate: rate)
    var sum: Float = 0
    func cost(_ body: (Span<Float>) -> Void) -> Double {
        var best = Double.infinity
        for _ in 0..<5 {
            let began = clock()
            for row in 0..<rows { body(samples.span.extracting(row * grid.hop..<row * grid.hop + grid.window)) }
            best = min(best, Double(clock() - began) / Double(CLOCKS_PER_SEC) / Double(max(1, rows)) * 1e9)
        }
        return best
    }
    let shared = cost { spectrum.analyze($0) }
    let seen = cost {
        spectrum.analyze($0)
        features.analyze(spectrum)
    }
    let all = cost {
        spectrum.analyze($0)
        sum += detector.process($0, spectrum)
    }
    print("shared spectrum \(shared), features \(seen - shared), detector \(all - shared) ns a row (\(sum))")
}
if arguments[4] != "-" { try out.withUnsafeBytes { try Data($0).write(to: URL(fileURLWithPath: arguments[4])) } }
