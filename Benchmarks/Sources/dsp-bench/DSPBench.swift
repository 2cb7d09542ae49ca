import CAllocations
import CFFTW
import SidetoneAnalysis
import SidetoneDSP
import SidetoneModel

/// ns of CPU time per frame (window 25 ms, hop 10 ms, one thread) of each set of measures, as a ratio to window + FFTW +
/// power alone in the same run. Lines are tab-separated:
///
///     name  rate  ns a unit  ratio to the floor  times real time  allocations a unit
@main enum DSPBench {
    static let usage = "usage: dsp-bench [--rounds N] [--only NAME] [--write-audio FOLDER]"

    static func main() throws {
        var rounds = 30
        var only: String?
        var arguments = CommandLine.arguments.dropFirst()
        while let argument = arguments.popFirst() {
            switch (argument, arguments.popFirst()) {
            case ("--rounds", let value?): rounds = Int(value) ?? rounds
            case ("--only", let value?): only = value
            case ("--write-audio", let folder?):
                for rate in [8_000, 16_000] {
                    guard Audio.write(Audio.samples(rate: rate), to: "\(folder)/audio_\(rate).s16") else {
                        leave("cannot write to \(folder)", 1)
                    }
                }
            default: leave(usage, 64)
            }
        }
        // Planned before Sidetone's transforms, whose plans FFTW would hand to later estimates, too.
        let sum = Checksum()
        let runs = [8_000, 16_000].map { rate in
            let samples = Audio.samples(rate: rate).map { Float($0) / 32_768 }
            let grid = FrameGrid(sampleRate: rate)
            return (samples, grid, floorPass(samples, grid, flags: FFTW_ESTIMATE, sum))
        }
        for (samples, grid, floor) in runs {
            try run(samples, grid, floor: floor, rounds: rounds, only: only, sum)
        }
        if allocations() == 0 { leave("the count of allocations counts nothing", 70) }
        if sum.value.isNaN { leave("the sums are not numbers", 70) }
    }

    static func run(
        _ samples: [Float], _ grid: FrameGrid, floor: @escaping () -> Int, rounds: Int, only: String?, _ sum: Checksum
    ) throws {
        let all = ["level", "spectrum", "mel", "mfcc"]
        var works = [
            Work(name: "floor", run: floor),
            Work(name: "transform", run: transforms(grid, sum)),
            Work(name: "nothing", run: try pass(samples, grid, [], "kaldi", sum)),
            Work(name: "level", run: try pass(samples, grid, ["level"], "kaldi", sum)),
            Work(name: "spectrum", run: try pass(samples, grid, ["spectrum"], "kaldi", sum)),
            Work(name: "level+spectrum", run: try pass(samples, grid, ["level", "spectrum"], "kaldi", sum)),
        ]
        for preset in ["kaldi", "librosa"] {
            works += [
                Work(name: "mel-\(preset)", run: try pass(samples, grid, ["mel"], preset, sum)),
                Work(name: "mfcc-\(preset)", run: try pass(samples, grid, ["mfcc"], preset, sum)),
                Work(name: "mel+mfcc-\(preset)", run: try pass(samples, grid, ["mel", "mfcc"], preset, sum)),
                Work(name: "all-\(preset)", run: try pass(samples, grid, all, preset, sum)),
                Work(name: "push-mel-\(preset)", run: try pushes(samples, grid, preset, sum)),
            ]
        }
        let listened = CallSignals.features(for: AnalysisSettings())
        works += [
            Work(name: "f0", run: try pass(samples, grid, ["f0"], "librosa", sum)),
            Work(name: "speech", run: try pass(samples, grid, ["speech"], "librosa", sum)),
            Work(
                name: "signal-features",
                run: try pass(samples, grid, listened.filter { $0 != "speech" }, "librosa", sum)),
            Work(name: "call-signals", run: try signals(samples, grid, listened, sum)),
        ]
        // Last, because what it measures is wisdom for every later plan of the process.
        works.append(Work(name: "floor-measured-plan", run: floorPass(samples, grid, flags: FFTW_MEASURE, sum)))
        if let only { works = works.filter { $0.name == "floor" || $0.name == only } }
        time(&works, rounds: rounds)
        for work in works {
            let unitSeconds = work.name.hasPrefix("push") ? 0.02 : 0.01
            let before = allocations()
            let units = work.run()
            let allocated = Double(allocations() - before) / Double(units)
            func text(_ value: Double, _ digits: Double) -> String { "\((value * digits).rounded() / digits)" }
            print(
                [
                    work.name, "\(grid.sampleRate)", text(work.ns, 10), text(work.ns / works[0].ns, 1_000),
                    "\(Int(unitSeconds * 1e9 / work.ns))", text(allocated, 1_000),
                ].joined(separator: "\t"))
        }
    }
}
