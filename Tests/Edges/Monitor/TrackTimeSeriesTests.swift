import Foundation
import SidetoneJSON
import SidetoneModel
import SidetonePipeline
import Testing

@testable import SidetoneMonitor

@Suite struct TrackTimeSeriesTests {
    private func overview(_ first: Int64, levels: [Float]) -> TrackOverview {
        var overview = TrackOverview(role: .inbound, first: first)
        for level in levels {
            overview.levelDBFS.append(level)
            overview.peakDBFS.append(level + 6)
            overview.speech.append(level > -40)
            overview.f0Hz.append(level > -40 ? 118.24 : .nan)
            overview.waveMin.append(-0.254)
            overview.waveMax.append(0.5)
        }
        return overview
    }

    private func written(_ course: TrackTimeSeries, range: Range<Int>) throws -> [String: Any] {
        var json = JSONWriter()
        json.beginObject()
        course.write(range, to: &json)
        json.endObject()
        return try object(json.bytes)
    }

    @Test func `values are stored with their displayed resolution`() throws {
        var course = TrackTimeSeries()
        course.append(overview(0, levels: [-23.44, -61.98]))
        let values = try written(course, range: 0..<2)
        #expect(values["level_dbfs"] as? [Double] == [-23.4, -62])
        #expect(values["speech"] as? [Int] == [1, 0])
        let f0 = values["f0_hz"] as? [Any]
        #expect(f0?.first as? Double == 118.2 && f0?.last is NSNull)
        #expect(values["wave_min"] as? [Double] == [-0.25, -0.25])
        #expect(values["wave_max"] as? [Double] == [0.5, 0.5])
    }

    @Test func `a range outside the stored steps is empty`() throws {
        var course = TrackTimeSeries()
        course.append(overview(0, levels: [-20, -20]))
        for range in [5..<9, 100_000_000..<100_000_000, 2..<2] {
            #expect(try written(course, range: range)["level_dbfs"] as? [Double] == [])
        }
        #expect(try written(course, range: 1..<100)["level_dbfs"] as? [Double] == [-20])
    }

    @Test func `missing steps are silence, and repeated steps are ignored`() throws {
        var course = TrackTimeSeries()
        course.append(overview(2, levels: [-20]))
        course.append(overview(1, levels: [-30, -30, -30]))
        let values = try written(course, range: 0..<10)
        #expect(values["level_dbfs"] as? [Double] == [-96, -96, -20, -30])
    }

    @Test func `steps older than an hour are removed`() {
        var course = TrackTimeSeries()
        let block = overview(0, levels: [Float](repeating: -20, count: 1_000))
        for number in 0..<50 {
            var next = block
            next.first = Int64(number * 1_000)
            course.append(next)
        }
        #expect(course.end == 50_000)
        #expect(course.end - course.first <= 39_000)
        course.append(overview(10_000_000, levels: [-20]))
        #expect(course.end - course.first == 1)
    }

    @Test func `values out of range are clamped`() throws {
        var course = TrackTimeSeries()
        var wild = overview(0, levels: [.infinity])
        wild.f0Hz = [1e9]
        wild.waveMin = [-40]
        course.append(wild)
        course.append(overview(1, levels: [.nan]))
        #expect(course.end == 2)
    }
}
