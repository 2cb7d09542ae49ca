import SidetoneModel
import Testing

@Suite struct FrameGridTests {
    @Test(arguments: [(0, 0), (199, 0), (200, 1), (279, 1), (280, 2), (8_000, 98)])
    func `only full windows give rows`(samples: Int, rows: Int) {
        let grid = FrameGrid(sampleRate: 8_000)
        #expect(grid.rows(in: Int64(samples)) == Int64(rows))
    }

    @Test func `a row starts at its hop and ends a window later`() {
        let grid = FrameGrid(sampleRate: 16_000)
        #expect(grid.start(ofRow: 3).seconds == 0.03)
        #expect(grid.end(ofRow: 3).seconds == 0.055)
    }
}
