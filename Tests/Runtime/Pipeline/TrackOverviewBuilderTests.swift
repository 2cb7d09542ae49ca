import SidetoneModel
import SidetonePipeline
import SidetoneTestSignals
import Testing

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
            var noise = SeededGenerator(seed: seed)
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

        var info: TrackInfo { TrackInfo(role: .inbound, grid: grid, columns: columns) }

        func rowBlock(_ range: Range<Int>) -> RowBlock {
            RowBlock(
                track: .inbound, grid: grid, columns: columns, firstRow: Int64(range.lowerBound),
                values: rows[range].flatMap { $0 })
        }

        func sampleBlock(_ range: Range<Int>) -> SampleBlock {
            SampleBlock(
                track: .inbound, sampleRate: grid.sampleRate, firstSample: Int64(range.lowerBound),
                samples: Array(samples[range]))
        }

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

    private func expectEqual(_ found: TrackOverview, _ right: TrackOverview) {
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

    private func joined(_ parts: [TrackOverview?]) -> TrackOverview {
        var all = TrackOverview(role: .inbound, first: 0)
        for case let part? in parts {
            #expect(part.first == Int64(all.count), "no step twice, none left out")
            all.levelDBFS += part.levelDBFS
            all.peakDBFS += part.peakDBFS
            all.speech += part.speech
            all.f0Hz += part.f0Hz
            all.waveMin += part.waveMin
            all.waveMax += part.waveMax
        }
        return all
    }

    @Test(arguments: [8_000, 11_025, 16_000, 44_100])
    func `it equals the direct computation, at once`(rate: Int) {
        let made = Made(rate: rate, seconds: 3.21)
        var builder = TrackOverviewBuilder(made.info)
        builder.add(made.sampleBlock(0..<made.samples.count))
        builder.add(made.rowBlock(0..<made.rows.count))
        expectEqual(joined([builder.take(), builder.finish()]), made.right)
    }

    /// Blocks as a track makes them of packets of so many milliseconds: samples once 200 ms are there, rows by twenties.
    @Test(arguments: [10, 20, 30, 60, 70, 90, 100, 130, 190, 250, 1_000])
    func `taken after every block, it is the same for packets of any length`(packetMs: Int) {
        let made = Made(rate: 8_000, seconds: 6.5)
        var builder = TrackOverviewBuilder(made.info)
        var parts: [TrackOverview?] = []
        var (arrived, sent, rowsSent) = (0, 0, 0)
        while arrived < made.samples.count {
            arrived = min(made.samples.count, arrived + packetMs * 8)
            if arrived - sent >= 1_600 {
                builder.add(made.sampleBlock(sent..<arrived))
                sent = arrived
                parts.append(builder.take())
            }
            while made.grid.rows(in: Int64(arrived)) >= rowsSent + 20 {
                builder.add(made.rowBlock(rowsSent..<(rowsSent + 20)))
                rowsSent += 20
                parts.append(builder.take())
            }
        }
        builder.add(made.rowBlock(rowsSent..<made.rows.count))
        builder.add(made.sampleBlock(sent..<arrived))
        parts += [builder.take(), builder.finish()]
        expectEqual(joined(parts), made.right)
    }

    @Test func `without samples a step is complete once a later row came`() {
        var made = Made(rate: 8_000, seconds: 2)
        made.samples = []
        var builder = TrackOverviewBuilder(made.info)
        builder.add(made.rowBlock(0..<10))
        #expect(builder.ready == 0)
        let none = builder.take()
        #expect(none == nil)
        builder.add(made.rowBlock(10..<11))
        #expect(builder.ready == 1)
        let first = builder.take()
        builder.add(made.rowBlock(11..<made.rows.count))
        expectEqual(joined([first, builder.take(), builder.finish()]), made.right)
    }

    @Test func `without rows steps become complete all the same, and memory does not grow`() throws {
        var made = Made(rate: 8_000, seconds: 5)
        made.rows = []
        var builder = TrackOverviewBuilder(made.info)
        builder.add(made.sampleBlock(0..<40_000))
        let found = builder.take()
        let taken = try #require(found)
        #expect(taken.count == 30)
        expectEqual(joined([taken, builder.finish()]), made.right)
    }

    @Test func `a block that was refused leaves steps of silence, not a hole`() {
        let made = Made(rate: 8_000, seconds: 2)
        var builder = TrackOverviewBuilder(made.info)
        builder.add(made.rowBlock(0..<20))
        builder.add(made.rowBlock(60..<80))
        let all = joined([builder.take(), builder.finish()])
        #expect(all.count == 8)
        #expect(Array(all.levelDBFS[2..<6]) == [-96, -96, -96, -96])
        #expect(all.levelDBFS.allSatisfy { (-96...0).contains($0) })
    }

    @Test func `silence reads the floor, never less`() throws {
        let grid = FrameGrid(sampleRate: 8_000)
        var builder = TrackOverviewBuilder(TrackInfo(role: .inbound, grid: grid, columns: Self.columns))
        let values = (0..<20).flatMap { _ in [Float(-96), -96, 0, .nan] }
        builder.add(RowBlock(track: .inbound, grid: grid, columns: Self.columns, firstRow: 0, values: values))
        let found = builder.finish()
        let all = try #require(found)
        #expect(all.levelDBFS == [-96, -96])
    }

    @Test func `rows longer than a step fill all of its steps`() {
        let made = Made(rate: 8_000, hopMs: 200, seconds: 2)
        var builder = TrackOverviewBuilder(made.info)
        builder.add(made.rowBlock(0..<made.rows.count))
        let all = joined([builder.take(), builder.finish()])
        #expect(all.count == 2 * made.rows.count)
        for step in 0..<all.count { #expect(abs(all.levelDBFS[step] - made.rows[step / 2][0]) < 1e-4) }
    }

    @Test func `a track without the columns gives steps without values`() throws {
        let grid = FrameGrid(sampleRate: 8_000)
        let columns = [Column("flatness", unit: "", range: "", decimals: 4, "")]
        var builder = TrackOverviewBuilder(TrackInfo(role: .inbound, grid: grid, columns: columns))
        builder.add(
            RowBlock(
                track: .inbound, grid: grid, columns: columns, firstRow: 0, values: [Float](repeating: 0.5, count: 20)))
        let found = builder.finish()
        let all = try #require(found)
        #expect(all.count == 2)
        #expect(all.f0Hz.allSatisfy { $0.isNaN })
        #expect(all.speech == [false, false])
    }
}
