import SidetoneModel
import Testing

@testable import SidetonePipeline

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// Against a direct computation over all rows and samples at once.
@Suite struct TrackOverviewBuilderTests {
    private static let columns = ["level_dbfs", "peak_dbfs", "speech", "f0_hz"].map {
        Column($0, unit: "", range: "", decimals: 2, "")
    }

    /// A track of noise: rows and samples that have nothing to do with one another.
    private struct Made {
        let grid: FrameGrid
        var rows: [[Float]] = []
        var samples: [Int16] = []

        init(rate: Int, hopMs: Double = 10, seconds: Double, seed: UInt64 = 7) {
            grid = FrameGrid(sampleRate: rate, windowMs: 25, hopMs: hopMs)
            var noise = SplitMix64(seed: seed)
            let count = Int64(seconds * Double(rate))
            samples = (0..<count).map { _ in Int16(truncatingIfNeeded: Int64(noise.fraction() * 65_536) - 32_768) }
            rows = (0..<grid.rows(in: count)).map { _ in
                let level = Float(-90 * noise.fraction())
                return [
                    level, min(0, level + 10), noise.fraction() < 0.5 ? 1 : 0,
                    noise.fraction() < 0.3 ? .nan : Float(80 + 200 * noise.fraction()),
                ]
            }
        }

        var builder: TrackOverviewBuilder { TrackOverviewBuilder(role: .inbound, grid: grid, columns: columns) }

        /// The step of a sample, by exact fractions.
        func step(_ sample: Int64) -> Int { Int(sample * 10 / Int64(grid.sampleRate)) }

        var right: TrackOverview {
            var overview = TrackOverview(role: .inbound, first: 0)
            let steps = max(
                samples.isEmpty ? 0 : step(Int64(samples.count) - 1) + 1,
                rows.isEmpty ? 0 : step(grid.start(ofRow: Int64(rows.count) - 1).samples) + 1)
            var low = [Float](repeating: 0, count: steps)
            var high = low
            for (place, sample) in samples.enumerated() {
                let number = step(Int64(place))
                low[number] = min(low[number], Float(sample) / 32_768)
                high[number] = max(high[number], Float(sample) / 32_768)
            }
            for number in 0..<steps {
                let own = rows.indices.filter { step(grid.start(ofRow: Int64($0)).samples) == number }.map { rows[$0] }
                let power = own.map { pow(10, Double($0[0]) / 10) }.reduce(0, +) / Double(max(1, own.count))
                overview.levelDBFS.append(own.isEmpty ? -96 : Float(10 * log10(power)))
                overview.peakDBFS.append(own.map { $0[1] }.max() ?? -96)
                overview.speech.append(own.count { $0[2] == 1 } * 2 > own.count)
                let voiced = own.map { $0[3] }.filter { !$0.isNaN }
                overview.f0Hz.append(voiced.isEmpty ? .nan : voiced.reduce(0, +) / Float(voiced.count))
                overview.waveMin.append(low[number])
                overview.waveMax.append(high[number])
            }
            return overview
        }
    }

    private func expectEqual(_ found: TrackOverview, right: TrackOverview) {
        #expect(found.first == right.first)
        #expect(found.count == right.count)
        #expect(found.speech == right.speech)
        #expect(found.peakDBFS == right.peakDBFS)
        #expect(found.waveMin == right.waveMin)
        #expect(found.waveMax == right.waveMax)
        for (one, other) in zip(found.levelDBFS, right.levelDBFS) {
            // A Float of some −90 has steps of 8e-6.
            #expect(abs(one - other) < 1e-4)
        }
        for (one, other) in zip(found.f0Hz, right.f0Hz) {
            // The reference sums in Float: ten values of some 300.
            #expect(one.isNaN == other.isNaN && (one.isNaN || abs(one - other) < 1e-3))
        }
    }

    private func joined(_ steps: [OverviewSample]) -> TrackOverview {
        var all = TrackOverview(role: .inbound, first: 0)
        for step in steps {
            #expect(step.number == Int64(all.count), "no step twice, none left out")
            all.append(step)
        }
        return all
    }

    @Test(arguments: [8_000, 11_025, 16_000, 44_100])
    func `it equals the direct computation`(rate: Int) {
        let made = Made(rate: rate, seconds: 3.21)
        var builder = made.builder
        var steps: [OverviewSample] = []
        builder.add(made.samples, first: 0)
        for (number, row) in made.rows.enumerated() {
            builder.add(row: Int64(number), values: row.span) { steps.append($0) }
        }
        builder.finish { steps.append($0) }
        expectEqual(joined(steps), right: made.right)
    }

    /// A track takes the samples of a packet, then makes the rows that they complete.
    @Test(arguments: [1, 10, 20, 30, 60, 70, 90, 100, 130, 190, 250, 1_000])
    func `it does not depend on packet duration`(packetMs: Int) {
        let made = Made(rate: 8_000, seconds: 6.5)
        var builder = made.builder
        var steps: [OverviewSample] = []
        var (arrived, rows) = (0, 0)
        while arrived < made.samples.count {
            let end = min(made.samples.count, arrived + packetMs * 8)
            builder.add(Array(made.samples[arrived..<end]), first: Int64(arrived))
            arrived = end
            while made.grid.rows(in: Int64(arrived)) > rows {
                let row = made.rows[rows]
                builder.add(row: Int64(rows), values: row.span) { steps.append($0) }
                rows += 1
            }
        }
        builder.finish { steps.append($0) }
        expectEqual(joined(steps), right: made.right)
    }

    @Test func `a step is emitted with its last row`() {
        let made = Made(rate: 8_000, seconds: 1)
        var builder = made.builder
        var steps: [OverviewSample] = []
        builder.add(made.samples, first: 0)
        for (number, row) in made.rows[..<10].enumerated() {
            #expect(steps.isEmpty)
            builder.add(row: Int64(number), values: row.span) { steps.append($0) }
        }
        #expect(steps.map(\.number) == [0])
        #expect(steps.first?.end == 0.1)
    }

    @Test func `silence reads the floor, never less`() {
        var builder = TrackOverviewBuilder(
            role: .inbound, grid: FrameGrid(sampleRate: 8_000), columns: Self.columns)
        var steps: [OverviewSample] = []
        let row: [Float] = [-96, -96, 0, .nan]
        for number in 0..<20 { builder.add(row: Int64(number), values: row.span) { steps.append($0) } }
        builder.finish { steps.append($0) }
        #expect(steps.map(\.levelDBFS) == [-96, -96])
    }

    @Test func `rows longer than a step fill all of its steps`() {
        let made = Made(rate: 8_000, hopMs: 200, seconds: 2)
        var builder = made.builder
        var steps: [OverviewSample] = []
        for (number, row) in made.rows.enumerated() {
            builder.add(row: Int64(number), values: row.span) { steps.append($0) }
        }
        builder.finish { steps.append($0) }
        #expect(steps.count == 2 * made.rows.count)
        for (place, step) in steps.enumerated() { #expect(abs(step.levelDBFS - made.rows[place / 2][0]) < 1e-4) }
    }

    @Test func `a track without the columns yields steps without values`() {
        let columns = [Column("flatness", unit: "", range: "", decimals: 4, "")]
        var builder = TrackOverviewBuilder(role: .inbound, grid: FrameGrid(sampleRate: 8_000), columns: columns)
        var steps: [OverviewSample] = []
        let row: [Float] = [0.5]
        for number in 0..<20 { builder.add(row: Int64(number), values: row.span) { steps.append($0) } }
        builder.finish { steps.append($0) }
        #expect(steps.count == 2)
        #expect(steps.allSatisfy { $0.f0Hz.isNaN && !$0.speech && $0.levelDBFS == -96 })
    }
}
