import SidetoneModel
import SidetonePipeline
import Testing

@testable import SidetoneStore

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

@Suite struct OverviewCodeTests {
    private func overview(_ count: Int, first: Int64 = 0) -> TrackOverview {
        var overview = TrackOverview(role: .outbound, first: first)
        for n in 0..<count {
            overview.levelDBFS.append(-Float(n % 97))
            overview.peakDBFS.append(-Float(n % 50) / 3)
            overview.speech.append(n % 3 == 0)
            overview.f0Hz.append(n % 4 == 0 ? .nan : 60 + Float(n) * 7)
            overview.waveMin.append(-Float(n % 11) / 10)
            overview.waveMax.append(Float(n % 7) / 7)
        }
        return overview
    }

    @Test(arguments: [1, 7, 8, 9, 100, 250])
    func `steps decode within the resolution`(count: Int) throws {
        let right = overview(count, first: 300)
        let bytes = OverviewCode.encode(right)
        let read = try #require(OverviewCode.decode(bytes, steps: count, role: .outbound, first: 300))
        #expect(read.count == count)
        #expect(read.first == 300)
        #expect(read.speech == right.speech)
        for n in 0..<count {
            #expect(abs(read.levelDBFS[n] - right.levelDBFS[n]) <= 0.2001)
            #expect(abs(read.peakDBFS[n] - right.peakDBFS[n]) <= 0.2001)
            #expect(read.f0Hz[n].isNaN == right.f0Hz[n].isNaN)
            if !right.f0Hz[n].isNaN, right.f0Hz[n] < 1_959 {
                #expect(abs(log2(read.f0Hz[n] / right.f0Hz[n])) <= 0.5001 / 48)
            }
            // The square root's step is 1/127, so the value's is at most 2/127 at full scale.
            #expect(abs(read.waveMin[n] - right.waveMin[n]) <= 1.0 / 127 + 0.0001)
            #expect(abs(read.waveMax[n] - right.waveMax[n]) <= 1.0 / 127 + 0.0001)
        }
    }

    @Test func `absent values take no space`() throws {
        var silent = overview(100)
        silent.f0Hz = [Float](repeating: .nan, count: 100)
        #expect(OverviewCode.encode(silent).count == 2 + 200 + 13 + 200)
        silent.waveMin = [Float](repeating: 0, count: 100)
        silent.waveMax = silent.waveMin
        let bytes = OverviewCode.encode(silent)
        #expect(bytes.count == 2 + 200 + 13)
        let read = try #require(OverviewCode.decode(bytes, steps: 100, role: .inbound, first: 0))
        #expect(read.f0Hz.allSatisfy { $0.isNaN })
        #expect(read.waveMax == silent.waveMax)
    }

    @Test func `values out of range and not-a-number are clamped`() throws {
        var odd = overview(4)
        odd.levelDBFS = [.nan, -200, 12, .infinity]
        odd.f0Hz = [1, 9_000, .infinity, 0]
        odd.waveMin = [-2, .nan, -1, 0]
        let read = try #require(
            OverviewCode.decode(OverviewCode.encode(odd), steps: 4, role: .inbound, first: 0))
        #expect(read.levelDBFS == [-96, -96, 0, 0])
        #expect(read.f0Hz.map(\.isNaN) == [false, false, false, true])
        #expect(read.waveMin[0] == -1)
    }

    @Test func `foreign bytes are rejected`() {
        let bytes = OverviewCode.encode(overview(10))
        let wrong: [[UInt8]] = [[], [1], Array(bytes.dropLast()), bytes + [0], [9] + bytes.dropFirst()]
        for wrong in wrong {
            #expect(OverviewCode.decode(wrong, steps: 10, role: .inbound, first: 0) == nil)
        }
        #expect(OverviewCode.decode(bytes, steps: 0, role: .inbound, first: 0) == nil)
        #expect(OverviewCode.decode(bytes, steps: .max, role: .inbound, first: 0) == nil)
    }

    @Test func `pieces start at multiples of 100 and contain all steps once`() {
        let all = overview(1_037)
        var pieces = OverviewPieces(.outbound)
        var given = (0..<1_037).compactMap { number in pieces.add(all[number]) }
        #expect(given.count == 10, "a piece is given with its last step")
        if let rest = pieces.finish() { given.append(rest) }
        #expect(pieces.finish() == nil)
        #expect(given.map(\.first) == [0, 100, 200, 300, 400, 500, 600, 700, 800, 900, 1_000])
        #expect(given.flatMap(\.levelDBFS) == all.levelDBFS)
        #expect(given.flatMap(\.speech) == all.speech)
        #expect(given.flatMap(\.waveMin) == all.waveMin)
    }

    @Test func `lost steps are silence within a piece, and pieces without steps are omitted`() {
        let all = overview(500)
        var pieces = OverviewPieces(.outbound)
        var given = [3, 7, 250, 260].compactMap { pieces.add(all[$0]) }
        if let rest = pieces.finish() { given.append(rest) }
        #expect(given.map(\.first) == [0, 200])
        #expect(given.map(\.count) == [8, 61])
        #expect(given.first?.levelDBFS == [-96, -96, -96, all.levelDBFS[3], -96, -96, -96, all.levelDBFS[7]])
    }
}
