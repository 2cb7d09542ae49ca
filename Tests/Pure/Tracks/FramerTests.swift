import SidetoneModel
import SidetoneTracks
import Testing

@Suite struct FramerTests {
    private static let samples = (0..<20_000).map { Int16(truncatingIfNeeded: $0 &* 7_919) }

    /// The frames as the grid defines them: row i covers [i·hop, i·hop + window).
    private func expected(_ grid: FrameGrid) -> [[Float]] {
        (0..<Int(grid.rows(in: Int64(Self.samples.count)))).map { row in
            Self.samples[row * grid.hop..<row * grid.hop + grid.window].map { Float($0) / 32_768 }
        }
    }

    private func frames(_ grid: FrameGrid, cut size: Int) -> [[Float]] {
        var framer = Framer(grid: grid)
        var frames: [[Float]] = []
        for start in stride(from: 0, to: Self.samples.count, by: size) {
            framer.push(Array(Self.samples[start..<min(Self.samples.count, start + size)])) { frame in
                frames.append(frame.indices.map { frame[$0] })
            }
        }
        return frames
    }

    @Test(arguments: [1, 7, 80, 160, 1_600, 20_000])
    func `frames do not depend on packet boundaries`(size: Int) {
        let grid = FrameGrid(sampleRate: 8_000)
        #expect(frames(grid, cut: size) == expected(grid))
    }

    @Test(arguments: [(25.0, 25.0), (10, 40), (0.125, 10), (0.125, 0.125), (1_000, 10), (1, 2_000)])
    func `any window and hop give the grid's frames`(windowMs: Double, hopMs: Double) {
        let grid = FrameGrid(sampleRate: 8_000, windowMs: windowMs, hopMs: hopMs)
        #expect(frames(grid, cut: 160) == expected(grid))
        #expect(frames(grid, cut: 6_001) == expected(grid))
    }

    @Test func `no samples give no frame`() {
        var framer = Framer(grid: FrameGrid(sampleRate: 8_000))
        var count = 0
        framer.push([]) { _ in count += 1 }
        #expect(count == 0)
    }

    @Test(arguments: [(25.0, 10.0), (25, 25), (10, 40), (1, 2_000), (0.125, 0.125)], [1, 79, 200, 5_000, 100_000])
    func `a run of silence gives the same frames as zeros`(grid: (Double, Double), zeros: Int) {
        let grid = FrameGrid(sampleRate: 8_000, windowMs: grid.0, hopMs: grid.1)
        let pieces = [300, 1_001, 7, 2_000]
        var (one, other) = (Framer(grid: grid), Framer(grid: grid))
        var (expected, frames): ([[Float]], [[Float]]) = ([], [])
        for (n, piece) in pieces.enumerated() {
            let sound = Array(Self.samples[n * 2_000..<n * 2_000 + piece])
            one.push(sound + [Int16](repeating: 0, count: zeros)) { f in expected.append(f.indices.map { f[$0] }) }
            other.push(sound) { f in frames.append(f.indices.map { f[$0] }) }
            // In two parts, as slices of a gap come.
            for part in [zeros / 3, zeros - zeros / 3] {
                other.pushSilence(Int64(part)) { f in
                    frames.append(f.indices.map { f[$0] })
                } run: { count, f in
                    for _ in 0..<count { frames.append(f.indices.map { f[$0] }) }
                }
            }
        }
        #expect(frames == expected)
    }
}
